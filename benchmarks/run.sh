#!/bin/sh
# Runs the benchmarks of docs/benchmarks.md with the java command in $JAVA (default: java).
#
#   benchmarks/run.sh OUT_DIR          all documented figures, about an hour
#   benchmarks/run.sh OUT_DIR quick    rough figures, about 5 minutes: too noisy for conclusions
#   benchmarks/run.sh --compare docs OUT_DIR    print the figures in OUT_DIR next to the documented ones
#   benchmarks/run.sh --compare docs            the same for rough figures, measured now and not kept
#   JAVA=/usr/lib/jvm/temurin-25-jdk-amd64/bin/java benchmarks/run.sh OUT_DIR
#
# Build first: mvn -B package -DskipTests. Each part writes a JSON file to OUT_DIR, from which the report is made.
set -eu

refuse() {
    echo "$0: $1; usage: $0 OUT_DIR [quick], or $0 --compare DOCS [OUT_DIR]" >&2
    exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
java=${JAVA:-java}
jar=$here/target/benchmarks.jar
docs=
mode=full
case ${1:-} in
'') refuse "there is no folder for the results" ;;
--compare)
    docs=${2:-}
    [ $# -le 3 ] || refuse "there are more than three arguments"
    [ -n "$docs" ] || refuse "--compare needs the folder of the documents, such as docs"
    [ -f "$docs/benchmarks.md" ] || refuse "there is no $docs/benchmarks.md to compare with"
    out=${3:-}
    [ -z "$out" ] || [ -d "$out" ] || refuse "there is no folder $out with results"
    ;;
-*) refuse "there is no option $1" ;;
*)
    out=$1
    [ $# -le 2 ] || refuse "there are more than two arguments"
    [ "${2:-quick}" = quick ] || refuse "there is no mode $2"
    mode=${2:-full}
    ;;
esac
[ -f "$jar" ] || refuse "there is no $jar, so build it first with mvn -B package -DskipTests"

# compare DIR: prints the results in a folder next to the documented ones
compare() {
    set -- "$1"/*.json "$1"/*.jsonl
    for file; do
        shift
        [ ! -f "$file" ] || set -- "$@" "$file"
    done
    "$java" -cp "$jar" dev.microgpt.benchmarks.report.Report --compare "$docs" "$@"
}

if [ -n "$docs" ] && [ -n "$out" ]; then
    compare "$out"
    exit
elif [ -n "$docs" ]; then
    mode=quick
    out=$(mktemp -d)
    trap 'rm -rf "$out"' EXIT
    trap 'exit 130' INT TERM
    exec 3>&1 >&2 # what is measured is reported on standard error, the comparison on standard output
fi
mkdir -p "$out"

# OpenBLAS reads it while it is loaded, so it must be set before the JVM starts; forks inherit it.
export OPENBLAS_NUM_THREADS=1

# part NAME REGEX [OPTIONS]: runs JMH once
part() {
    name=$1
    shift
    echo "== $name: $*"
    if [ "$mode" = quick ]; then
        set -- "$@" -f 1 -wi 2 -i 2 -w 200ms -r 200ms
    fi
    "$java" -jar "$jar" "$@" -rf json -rff "$out/$name.json" > "$out/$name.log" 2>&1 ||
        echo "$name failed, see $out/$name.log" >&2
    grep -h 'IllegalStateException: skipped' "$out/$name.log" | sort -u || true
}

native() {
    if ! gcc -O3 -march=native -o "$out/openblas" "$here/src/main/c/openblas.c" -l:libopenblas.so.0 -lm; then
        echo "skipped: OpenBLAS from C, which needs gcc and libopenblas.so.0" >&2
        return
    fi
    if [ "$mode" = quick ]; then
        "$out/openblas" 3 20 > "$out/openblas.jsonl"
    else
        "$out/openblas" > "$out/openblas.jsonl"
    fi
}

libraries='Matmul.*\.(naive|scalar|ejml|vectorBlas)$'
fast='Matmul.*\.(vector|vectorTwoThreads|openBlas)$'

native
part peak 'PeakBenchmark|MemoryReadBenchmark|EmptyBenchmark'
if [ "$mode" = quick ]; then
    shapes=64x64x64,256x256x256,768x512x128,768x65x128
    part train-step 'TrainStepBenchmark' -p workload=MICRO_1,MICRO_32,NANO -prof gc
    part matmul-fast "$fast" -p shape=$shapes
    part matmul-others "$libraries" -p shape=$shapes -p kind=NN
    part attention 'AttentionBenchmark' -p shape=12x4x64x32
    part rows 'RowBenchmark' -p operation=RMS_NORM:768x128,SOFTMAX:768x128,CROSS_ENTROPY:768x65,GELU:768x512
    part scaling 'ScalingBenchmark' -p point=width:32,width:128,context:16,context:64,batch:1,batch:12
else
    part train-step 'TrainStepBenchmark' -p workload=MICRO_1,MICRO_32,NANO -prof gc
    part train-step-big 'TrainStepBenchmark.*Vector' -p workload=BIG -f 2 -wi 2 -i 3 -prof gc
    part train-step-big-scalar 'TrainStepBenchmark.*Scalar' -p workload=BIG -f 1 -wi 1 -i 2 -prof gc
    part matmul-fast "$fast" -f 3 -wi 4 -i 3 -w 250ms -r 200ms
    part matmul-others "$libraries" -f 2 -wi 3 -i 2 -w 200ms -r 200ms
    part attention 'AttentionBenchmark' -f 2
    part rows 'RowBenchmark' -f 2
    part scaling 'ScalingBenchmark'
fi
part nano-gpt 'NanoGptStepBenchmark' -prof gc
part functions 'FunctionBenchmark|AdamBenchmark'
part tape-overhead 'TapeOverheadBenchmark' -prof gc
part generate 'GenerateBenchmark|ScoreBenchmark'

if [ -n "$docs" ]; then
    compare "$out" >&3
fi
