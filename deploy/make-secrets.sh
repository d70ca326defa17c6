#!/bin/sh
# Makes a random password for every account of the composed stack, each in a file of its own; keeps those there are.
# Usage: deploy/make-secrets.sh [FOLDER]    (default: deploy/secrets)
# To renew one, delete its file and run this again; docs/operations.md says what to restart.
set -eu

folder=${1:-$(dirname "$0")/secrets}
accounts="amqp_ingest amqp_decoder amqp_filter amqp_db_inserter amqp_consumer amqp_operator
database_owner database_writer database_analyst database_maintainer database_api"

# The folder keeps other people of this machine out. The files themselves are readable by everybody, because a
# container sees only the file, and reads it as a user of its own whom the owner of this folder does not know.
mkdir -p "$folder"
chmod 700 "$folder"
echo '*' >"$folder/.gitignore"
for account in $accounts; do
    file=$folder/$account
    [ -s "$file" ] && continue
    rm -f "$file.new"
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$file.new"
    chmod 444 "$file.new"
    mv "$file.new" "$file"
    echo "made $file"
done
