#!/bin/sh
# Measures the table of docs/architectures.md: six architectures with equal parameters on nanoGPT's small recipe.
#
#   docs/architectures.sh TEXT OUT_DIR
#
# TEXT is tinyshakespeare, which "microgpt data fetch" can get; OUT_DIR receives a folder for each run and table.md.
# Each run is finished or absent, so that an interrupted script continues where it was. Build first: mvn -B package
# -DskipTests. Some 20 minutes on two cores; the losses are the same on every machine.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
microgpt=$here/../microgpt
[ $# -eq 2 ] && [ -f "$1" ] || { echo "usage: $0 TEXT OUT_DIR" >&2; exit 2; }
text=$1
out=$2
steps=500
seeds='1 2 3'
mkdir -p "$out"

# run NAME SEED OPTION...: trains one model, unless that was done
run() {
    name=$1
    seed=$2
    shift 2
    [ -f "$out/$name-$seed/checkpoint.safetensors" ] && [ -f "$out/$name-$seed/done" ] && return
    rm -rf "$out/$name-$seed"
    "$microgpt" train --data "$text" --steps $steps --seed "$seed" --eval-interval $steps --no-report \
        --metrics "$out/$name-$seed/metrics.jsonl" --out "$out/$name-$seed" "$@" >"$out/$name-$seed.log" 2>&1 || {
        cat "$out/$name-$seed.log" >&2
        exit 1
    }
    : >"$out/$name-$seed/done"
}
