/**
 * Names of files and folders that hold secrets by convention. Sources, looked up in November 2026:
 *
 * - Talisman, `detector/filename/filename_detector.go`: keys, keystores, shell histories, `.s3cfg`, `credentials.xml`, …
 * - shhgit, `config.yaml` (its list goes back to gitrob): logins of programs, databases and file transfer tools
 * - leaky-repo, the benchmark of secret scanners: `.ftpconfig`, `.esmtprc`, `.remote-sync.json`, `robomongo.json`, …
 * - github/gitignore, `Terraform.gitignore` and `Node.gitignore`: state and variable files; `.env.example` is meant for all
 * - The manuals of npm, Yarn, Cargo, Maven, NuGet, Composer, MySQL, Google Cloud, Azure, GitHub CLI, Vault and Kubernetes:
 *   where each keeps its login
 *
 * Patterns of these lists that hit ordinary sources (`settings.py`, `schema.rb`, `*.sql`, `*.log`) are left out.
 */
const folders = new Set('.ssh .aws .gnupg .kube .docker .azure .password-store'.split(' '));

/** Paths of two parts. */
const pairs = new Set(
  `.m2/settings.xml .m2/settings-security.xml .config/gcloud .config/gh .config/git .config/op .config/doctl etc/shadow
   .gradle/gradle.properties .purple/accounts.xml .irssi/config .recon-ng/keys.db .codex/auth.json`.split(/\s+/),
);

const files = new Set(
  `.npmrc .yarnrc .yarnrc.yml .pypirc nuget.config auth.json .netrc _netrc netrc .pgpass pgpass .my.cnf .mylogin.cnf
   .git-credentials .gitrobrc .htpasswd htpasswd .s3cfg s3cfg .boto .dockercfg dockercfg kubeconfig .vault-token .vault_pass
   vault_pass.txt .terraformrc terraform.rc .tugboat .trc .muttrc .msmtprc .esmtprc .ftpconfig .remote-sync.json
   sftp-config.json sftp.json filezilla.xml recentservers.xml robomongo.json dbeaver-data-sources.xml webservers.xml
   ventrilo_srv.ini proftpdpasswd favorites.plist otr.private_key secret_token.rb wp-config.php localsettings.php
   config.inc.php jenkins.plugins.publish_over_ssh.bapsshpublisherplugin.xml access_tokens.db accesstokens.json
   application_default_credentials.json logins.json key4.db credentials .credentials`.split(/\s+/),
);

/** File types that contain only data: a source file never has one of these types, for any name. */
const data = String.raw`(\.(json|ya?ml|toml|xml|ini|cfg|conf|txt|properties|env|enc|db|csv|plist))+$`;

const patterns: readonly RegExp[] = [
  // Environments: `.env` and names that start with it, `prod.env`, direnv.
  /^\.env(?!\.(example|sample|template|dist|defaults)$)|\.env$/,
  // Private keys of SSH, by the name of the algorithm; also with a suffix.
  /^id_(rsa|dsa|ecdsa|ed25519)|_(rsa|dsa|ecdsa|ed25519)$/,
  /\.(pem|key|keypair|p12|pfx|pkcs12|p8|ppk|asc|gpg|pgp|jks|jceks|keystore|keyring|ovpn|tblk|kdbx?|agilekeychain|keychain(-db)?|psafe3|kwallet|bek|fve|tpm|rdp|cscfg|pubxml(\.user)?|kubeconfig|mobileprovision)$/,
  /\.tfstate(\.[\w.-]+)?$|\.tfvars(\.json)?$/,
  /^\.?\w*_history$/,
  new RegExp(`^(aws[-_.]?|gcp[-_.]?|db[-_.]?)?(credentials?|secrets?|passwords?|passwd)([-_.][\\w-]+)*${data}`),
  new RegExp(`[-_.](credentials?|secrets?|passwords?)${data}`),
  new RegExp(`^client[-_]secrets?.*${data}|^service[-_]?account.*${data}|firebase-adminsdk.*${data}`),
  new RegExp(`(private|gcp|gcloud|google|azure|aws|api|ssh|master|signing|encryption)[-_]?keys?${data}`),
  new RegExp(`(oauth|access|refresh|auth)[-_]?tokens?${data}`),
];

/** True if the name of a file or folder conventionally marks secrets, in any folder. */
export function isSecretName(name: string): boolean {
  const lower = name.toLowerCase();
  if (folders.has(lower) || files.has(lower)) return true;
  return patterns.some((pattern) => pattern.test(lower));
}

/** True for a path with slashes that is, or leads through, one that by convention holds secrets. */
export function isSecretPath(path: string): boolean {
  const parts = path.toLowerCase().split('/');
  return parts.some((part, at) => isSecretName(part) || pairs.has(`${part}/${parts[at + 1]}`));
}

/**
 * True for a glob that selects a file with secrets by its name: `.env*`, `**\/*.pem`, `{id_rsa,x}`. A glob for any name
 * (`*`, `*.json`) does not.
 */
export function asksForSecret(glob: string): boolean {
  return glob.split(/[{},]/).some((piece) => ['', 'x'].some((some) => isSecretPath(piece.replace(/[*?]+/g, some))));
}
