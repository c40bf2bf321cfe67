#!/bin/sh
# Serves one repository, with a first commit, to everyone in the network of the example.
set -eu
repository=/srv/git/shop.git
if [ ! -d "$repository" ]; then
  git init --quiet --bare --initial-branch=main "$repository"
  tree=$(git -C "$repository" hash-object -w -t tree /dev/null)
  commit=$(git -C "$repository" -c user.name=Example -c user.email=example@localhost commit-tree "$tree" -m 'First commit')
  git -C "$repository" update-ref refs/heads/main "$commit"
fi
exec git daemon --reuseaddr --export-all --enable=receive-pack --base-path=/srv/git
