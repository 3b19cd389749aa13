#!/bin/sh
# Measures the table of docs/architectures.md: architectures with equal parameters, trained by nanoGPT's small recipe.
#
#   docs/architectures.sh TEXT OUT_DIR
#
# TEXT is tinyshakespeare ("./microgpt data fetch tinyshakespeare" gets it), OUT_DIR receives a folder for each run; the
# table goes to standard output. A run that is complete is not repeated. Build first: mvn -B package -DskipTests. Some
# 20 minutes on two cores; losses are the same on every machine, times are not.
set -eu

microgpt=$(cd "$(dirname "$0")/.." && pwd)/microgpt
if [ $# -ne 2 ] || [ ! -f "$1" ]; then
    echo "usage: $0 TEXT OUT_DIR" >&2
    exit 2
fi
text=$1
out=$2
steps=500
mkdir -p "$out"

# metrics FOLDER: the last validation loss, and the median of the milliseconds of a step
metrics() {
    sed -n 's/.*"validation_loss":\([^,}]*\).*/\1/p' "$1/metrics.jsonl" | tail -n 1
    sed -n 's/.*"tokens":\([^,}]*\).*"tokens_per_second":\([^,}]*\).*/\1 \2/p' "$1/metrics.jsonl" |
        awk '{ print 1000 * $1 / $2 }' | sort -n | awk '{ t[NR] = $1 } END { print t[int((NR + 1) / 2)] }'
}

# row NAME OPTION...: trains the variant from three seeds and prints its row
row() {
    name=$1
    shift
    figures=
    for seed in 1 2 3; do
        folder=$out/$(echo "$name" | tr ' ' '-')-$seed
        if [ ! -f "$folder/complete" ]; then
            rm -rf "$folder"
            "$microgpt" train "$@" --data "$text" --steps $steps --seed $seed --eval-interval $steps --eval-steps 0 \
                --out "$folder" >"$folder.log" 2>&1 || {
                cat "$folder.log" >&2
                exit 1
            }
            : >"$folder/complete"
        fi
        figures="$figures $(metrics "$folder" | tr '\n' ' ')"
    done
    count=$("$microgpt" info "$folder" | sed -n 's/^num params: //p')
    echo "$figures" | awk -v name="$name" -v options="$*" -v count="$count" '{
        lowest = highest = $1
        for (i = 1; i <= NF; i += 2) {
            sum += $i
            lowest = $i < lowest ? $i : lowest
            highest = $i > highest ? $i : highest
            time = i == 1 || $(i + 1) < time ? $(i + 1) : time
        }
        printf "| %s | `%s` | %s | %.4f | %.4f to %.4f | %.0f |\n", name, options, count, sum * 2 / NF, lowest, highest, time
    }'
}

echo "| variant | options | parameters | validation loss | of three seeds | ms a step |"
echo "| --- | --- | --- | --- | --- | --- |"
row nano --preset nano
row "rotary positions" --preset nano --positions rope --n-inner 520
row "no positions" --preset nano --positions none --n-inner 520
row SwiGLU --preset nano --mlp swiglu --n-inner 341
row "grouped queries" --preset nano --n-kv-head 1 --n-inner 608
row "window of 16" --preset nano --window 16
row llama --preset llama --n-inner 389
row nanochat --preset nanochat --n-inner 513
