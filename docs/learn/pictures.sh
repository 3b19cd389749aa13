#!/bin/sh
# Draws the pictures of docs/learn again, from the numbers in the chapters. Build first: mvn -B package -DskipTests.
set -eu
cd "$(dirname "$0")/../.."
exec java -cp microgpt-cli/target/microgpt.jar docs/learn/code/Pictures.java
