#!/bin/sh
# Runs the benchmarks of docs/benchmarks.md with the java command in $JAVA (default: java).
#
#   benchmarks/run.sh OUT_DIR          all documented figures, about half an hour
#   benchmarks/run.sh OUT_DIR quick    rough figures, about 5 minutes: too noisy for conclusions
#   benchmarks/run.sh --compare docs OUT_DIR    print the figures in OUT_DIR next to the documented ones
#   benchmarks/run.sh --compare docs            the same for rough figures, measured now and not kept
#   JAVA=/usr/lib/jvm/temurin-25-jdk-amd64/bin/java benchmarks/run.sh OUT_DIR
#   PYTHON=venv/bin/python benchmarks/run.sh OUT_DIR    with PyTorch (default: python3)
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

# part NAME REGEX TIMES [OPTIONS]: runs JMH once; TIMES are its options for forks and iterations, empty for those of the
# class
part() {
    name=$1$round
    regex=$2
    times=$3
    shift 3
    echo "== $name: $regex $*"
    if [ "$mode" = quick ]; then
        times='-f 1 -wi 2 -i 2 -w 200ms -r 200ms'
    fi
    # $times is several words
    # shellcheck disable=SC2086
    "$java" -jar "$jar" "$regex" $times "$@" -rf json -rff "$out/$name.json" > "$out/$name.log" 2>&1 ||
        echo "$name failed, see $out/$name.log" >&2
    grep -h 'IllegalStateException: skipped' "$out/$name.log" | sort -u || true
}

python=${PYTHON:-python3}
seconds=3
rounds="1 2 3"
if [ "$mode" = quick ]; then
    seconds=1
    rounds=1
fi
round=

rm -f "$out/openblas"
: > "$out/openblas.jsonl"
if ! gcc -O3 -march=native -o "$out/openblas" "$here/src/main/c/openblas.c" -l:libopenblas.so.0 -lm; then
    echo "skipped: OpenBLAS from C, which needs gcc and libopenblas.so.0" >&2
else
    # On a processor that it does not know, OpenBLAS uses the kernels of Prescott, a quarter as fast as those for AVX.
    case $("$out/openblas" 1 1 2>&1 > "$out/openblas.log" | head -n 1) in
    *Prescott*)
        ! grep -qw avx2 /proc/cpuinfo || OPENBLAS_CORETYPE=Haswell
        ! grep -qw avx512dq /proc/cpuinfo || OPENBLAS_CORETYPE=SkylakeX
        echo "OpenBLAS does not know this processor; OPENBLAS_CORETYPE is ${OPENBLAS_CORETYPE:-not set}"
        [ -z "${OPENBLAS_CORETYPE:-}" ] || export OPENBLAS_CORETYPE
        ;;
    esac
fi
: > "$out/pytorch.jsonl"
if ! "$python" -c 'import torch' 2> "$out/pytorch.log"; then
    echo "skipped: PyTorch, which $python does not have; PYTHON names one that has it" >&2
    python=
fi

openblas() {
    [ ! -x "$out/openblas" ] || "$out/openblas" "$@" >> "$out/openblas.jsonl" 2> "$out/openblas.log" ||
        echo "openblas failed, see $out/openblas.log" >&2
}

# pytorch SCRIPT: runs it with one thread and with two
pytorch() {
    for threads in 1 2; do
        [ -z "$python" ] || "$python" "$here/src/main/python/$1" --threads "$threads" --seconds "$seconds" \
            >> "$out/pytorch.jsonl" 2>> "$out/pytorch.log" || echo "$1 failed, see $out/pytorch.log" >&2
    done
}

if [ "$mode" = quick ]; then
    products=64x64x64,256x256x256,768x512x128,768x65x128
else
    products=16x16x16,32x32x32,64x64x64,128x128x128,256x256x256,512x512x512,1024x1024x1024
    products=$products,768x512x128,768x128x512,768x65x128,104x64x16,64x64x32
fi

# What the first table compares: each thing next to its peer, several times, because the machine's speed changes.
for round in $rounds; do
    if [ "$mode" = quick ]; then openblas 3 20; else openblas 4 100; fi
    part products 'Matmul.*\.vector$' '-f 1 -wi 4 -i 4 -w 200ms -r 100ms' -p "shape=$products"
    part micro 'TrainStepBenchmark\.(tapeVector|handWrittenVector)$' '-f 1 -wi 10 -i 10 -w 500ms -r 100ms' \
        -p workload=MICRO_1,MICRO_32 -prof gc
    part nano-gpt 'NanoGptStepBenchmark\.(tapeVector|tapeVectorTwoThreads)$' '-f 1 -wi 3 -i 4 -w 1s -r 1s' -prof gc
    pytorch nano_gpt_step.py
    part attention 'AttentionBenchmark\..*Vector' '-f 1 -wi 3 -i 3 -w 1s -r 1s' -p shape=1x12x1024x64
    pytorch causal_attention.py
    part packed '(PackedGenerateBenchmark\.vector|MemoryReadBenchmark\.oneThread)$' \
        '-f 1 -wi 4 -i 10 -w 500ms -r 200ms' -p model=LARGE -p weights=F64,F64_X8
done
round=

part peak 'PeakBenchmark|MemoryReadBenchmark\.twoThreads|EmptyBenchmark' '-f 2'
part matmul-scalar 'Matmul.*\.scalar$' '-f 1 -wi 2 -i 2 -w 200ms -r 100ms' -p "shape=$products"
part matmul-others 'Matmul.*\.(naive|ejml|vectorBlas|openBlas)$' '-f 1 -wi 2 -i 2 -w 200ms -r 100ms' \
    -p "shape=$products" -p kind=NN
part train-step-micro 'TrainStepBenchmark.*Scalar' '-f 2 -wi 4 -i 3' -p workload=MICRO_1,MICRO_32 -prof gc
part train-step-nano 'TrainStepBenchmark' '-f 2' -p workload=NANO -prof gc
part nano-gpt-scalar 'NanoGptStepBenchmark.*Scalar' '-f 1' -prof gc
if [ "$mode" = quick ]; then
    part matmul-threads 'Matmul.*\.vectorTwoThreads$' '' -p shape=768x512x128,768x65x128
    part attention-short 'AttentionBenchmark' '' -p shape=12x4x64x32
    part rows 'RowBenchmark' '' -p operation=RMS_NORM:768x128,SOFTMAX:768x128,CROSS_ENTROPY:768x65,GELU:768x512
    part scaling 'ScalingBenchmark' '' -p point=width:32,width:128,context:16,context:64,batch:1,batch:12
    part packed-others 'PackedGenerateBenchmark' '' -p model=MICRO -p weights=F64,BF16
else
    part train-step-big 'TrainStepBenchmark.*Vector' '-f 1 -wi 2 -i 4' -p workload=BIG -prof gc
    part matmul-threads 'Matmul.*\.vectorTwoThreads$' '-f 2 -wi 4 -i 3 -w 250ms -r 200ms' \
        -p shape=768x512x128,768x128x512,768x65x128
    part attention-short 'AttentionBenchmark.*Vector' '-f 1 -wi 3 -i 2 -w 1s -r 1s' \
        -p shape=12x4x64x32,4x6x256x64,1x12x1024x64+grouped4,1x12x1024x64+window64,1x12x1024x64+rope
    part attention-scalar 'AttentionBenchmark.*Scalar' '-f 1 -wi 2 -i 2 -w 1s -r 1s' \
        -p shape=12x4x64x32,4x6x256x64,1x12x1024x64
    part rows 'RowBenchmark' '-f 1'
    part scaling 'ScalingBenchmark' '-f 1 -wi 4 -i 2'
    part packed-vector 'PackedGenerateBenchmark\.vector$' '-f 1' -p model=LARGE -p weights=F32,BF16,F32_X8,BF16_X8
    part packed-others 'PackedGenerateBenchmark\.(scalar|vectorTwoThreads)$' '-f 1' -p model=LARGE
fi
part functions 'FunctionBenchmark|AdamBenchmark' '-f 1'
part tape-overhead 'TapeOverheadBenchmark' '-f 2' -prof gc
part generate 'GenerateBenchmark' '-f 1' -e PackedGenerate
part score 'ScoreBenchmark' '-f 1 -wi 3 -i 3'

if [ -n "$docs" ]; then
    compare "$out" >&3
fi
