/**
 * Commands of a working day and hostile ones, by what "always allow" may offer for them:
 *
 * - `open`: the command with further harmless words;
 * - `exact`: this command line, without a warning;
 * - `warn`: this command line, with a warning, because it cannot be undone, reaches other machines, installs or removes
 *   something, or nothing is known of it;
 * - `none`: no rule; it is asked each time.
 */
export const offers: Readonly<Record<'open' | 'exact' | 'warn' | 'none', string>> = {
  open: `npm test|npm test -- --coverage|pnpm test|yarn test|npm run build|npm run lint|npm run typecheck|npm run format|npm run check|npm run test
cargo test|cargo check|cargo clippy|cargo build|cargo fmt|go test ./...|go vet ./...|go build ./...|dotnet test|dotnet build|gradle test|mvn test
git status|git diff --stat|git log --oneline|git show --stat|git blame src/a.ts|git grep x|git add src/a.ts|git commit -m "Fix a"|git branch --list|git ls-files
pytest -q|ruff check src|mypy src|tsc --noEmit|eslint src|vitest run|jest|ls src|cat src/a.ts|head -5 src/a.ts|wc -l src/a.ts|rg x src|grep x src/a.ts|mkdir -p src/b`,
  exact: `make test|make check|make lint|node --test|node --test test/a.test.ts|python -m pytest|python3 -m pytest -q|python -m unittest|./gradlew test|./gradlew check|./mvnw test|pwd|bun test|deno test|deno lint
bundle exec rspec|rake test|poetry run pytest|ctest|phpunit|rspec|swift test|zig build test|mix test|npx --no-install tsc --noEmit|npx --no-install vitest run`,
  warn: `npm publish|npm run nuke|npm run deploy|npm run release|npm run migrate|npm run clean|npm run db:reset|npm run postinstall|npm install left-pad|npm ci|npm uninstall x|npm unpublish x|npm version patch
pnpm publish|pnpm add x|pnpm dlx x|yarn add x|yarn publish|yarn dlx x|uv run pytest|go run ./cmd/lint|npx cowsay|npx --yes cowsay|bunx cowsay|uvx ruff|pipx run black|pip install x|pip3 install x|uv add x|uv pip install x|poetry add x|poetry publish|gem install x|gem push x
bundle install|composer require x|composer install|brew install x|brew uninstall x|apt install x|apt-get remove x|dnf install x|cargo install x|cargo publish|cargo clean|cargo add x|cargo yank x|go install ./...|go get x|go clean -cache|go generate ./...
wipefs x|mkfs x|fdisk x|parted x|shred x|rm a|rm -rf dist|rmdir a|unlink a|truncate -s 0 a|mv a b|cp a b|ln -s a b|install a b|dd if=a of=b|chmod -x a|chown me a|tar -xf a.tar|unzip a.zip|gzip a|rsync a b
git push|git push --force|git reset --hard|git clean -fd|git checkout main|git restore src|git rm a|git rebase main|git stash drop|git branch -D x|git tag -d x|git merge x|git pull|git fetch|git gc|git update-ref -d x|git submodule update|git config user.name x
prisma migrate reset|prisma db push|knex migrate:rollback|alembic downgrade base|rails db:drop|rake db:drop|sequelize db:drop|flyway clean|liquibase rollback x|mongorestore x|redis-cli flushall|dropdb x|createdb x|mysqladmin drop x|sqlite3 a.db
terraform apply|terraform destroy|pulumi up|pulumi destroy|helm install x|helm uninstall x|kubectl delete pod x|kubectl apply -f a.yml|docker rm x|docker run x|docker system prune|docker compose down|docker push x|podman rm x|ansible-playbook a.yml|serverless deploy|wrangler deploy|vercel deploy|netlify deploy|firebase deploy|heroku run x|fly deploy|aws s3 rm x|gcloud run deploy|az group delete
gh pr merge 1|gh release create v1|gh repo delete x|glab mr merge 1|curl -d x localhost|wget x|ssh host ls|scp a b|nc host 1|kill 1|pkill x|killall x|systemctl stop x|service x stop|launchctl unload x|crontab a|reboot|shutdown now|sudo ls|doas ls|su x
hyperfine "npm publish"|concurrently "npm publish"|turbo run deploy|nx deploy x|lerna publish|semantic-release|changeset publish|np|goreleaser release|twine upload x|vsce publish|ovsx publish|fastlane release|pod trunk push|flutter pub publish|dotnet nuget push x|mvn deploy|mvn release:perform|gradle publish|./gradlew publish|make install|make deploy|make clean|make release|node x.js|python x.py|ruby x.rb|perl x.pl|bash x.sh|sh x.sh|./x.sh|php x.php
my-linter src|frobnicate|whatsit --all`,
  none: `npm test && npm publish|npm test; ls|ls > x|echo $(id)|CI=1 npm test|cat /etc/passwd|cat ../x|cat .env|cat ~/.ssh/id_rsa|rm -rf /|rm -rf ../x|cp .env a|head certs/server.key
git commit|git commit --amend|git rebase -i main|git add -p|vitest|vitest watch|vitest --watch|jest --watch|jest --watchAll|tsc -w|tsc --watch|tail -f a.log|tail -F a.log|less a|more a|man ls|vi a|vim a|nano a|emacs a|top|htop|watch ls|python|python3|node|irb|psql|bash|sh|cat|npm start|npm run dev|npm run watch|npm run serve|npm run start|yarn dev|pnpm dev|nodemon x.js|vite|next dev|journalctl -f|docker logs -f x|kubectl logs -f x|gh run watch|ping localhost|python -m http.server|webpack --watch|cargo watch`,
};

/** Programs of which nothing is known: none of them may be the subject of an open rule. */
export const unknownPrograms: readonly string[] =
  `7z ab ack act adb age air aichat airflow alembic ant apachectl apko arp asciinema asdf atuin autossh avrdude axel b2 bandit bat bazel bazelisk bcp beet
black-box borg bosh buck buf buildah bundletool caddy capistrano cf chezmoi chisel circleci clamscan cloudflared cmake concurrently conan conda consul cosign cpulimit crane croc
cross-env cypress dagger dbmate dbt devbox devcontainer direnv dive dnscontrol doctl dokku dotenv dropdb earthly eas eb electron-builder entr-run envchain exiftool expo fabric falco fastboot fastlane
faas-cli ffmpeg firejail flatpak flux flyway foreman forever fswatch gatsby gcsfuse gdrive ghc gitlab-runner gitleaks go-task goose gotty gpg2 grunt gulp hatch hcloud hcp helmfile hivemind honcho hugo hyperfine infracost
inotifywait ipfs ipmitool jekyll jenkins jib jupyter just k3d k6 k9s kafka-topics kind knex kops kustomize lambda-local lerna lftp lima linkerd liquibase litestream localstack loophole mage mc mise minikube
mkcert mongorestore mongosh-run mongoimport msbuild multipass mysqldump nerdctl ng ngrok nix nix-shell nomad nox npm-run-all nvm nx oc ollama onchange op packer parcel pdm percol pgcli pg_restore phing plink pm2 pre-commit prisma
procfile-run proxychains pulsar puppet pwncat quarkus rails rbenv rclone restic rustup sam sbt scons screen sequelize serve skaffold sls snap sops spring step stow supervisorctl svn-run swiftlint-run tailscale task tilt tmux tox truffle turbo
typeorm vagrant vault vercel-run wasm-pack wipefs wrangler-run xcodebuild yadm yarn-run zellij`.split(/\s+/);
