const folders = ['.ssh', '.aws', '.gnupg', '.kube', '.docker'];
const files = ['.npmrc', '.netrc', '_netrc', '.pgpass', '.pypirc', '.git-credentials', '.htpasswd', 'credentials'];

/** True for the name of a file or folder that by custom holds secrets: no rule lets an agent look into it unasked. */
export function isSecretName(name: string): boolean {
  const lower = name.toLowerCase();
  if (folders.includes(lower) || files.includes(lower) || lower.startsWith('.env')) return true;
  return /^id_(rsa|dsa|ecdsa|ed25519)/.test(lower) || /\.(pem|key|p12|pfx|jks|keystore|kdbx)$/.test(lower);
}
