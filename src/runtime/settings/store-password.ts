/** The environment variable by which a window hands the password of the store to its background worker. */
export const PASSWORD_VARIABLE = 'SYSTEMPROMPT_STORE_PASSWORD';

let taken: string | undefined;

/**
 * The password that a window handed to this process. It leaves the environment, so that agents, hooks and scripts do not
 * inherit it.
 */
export function handedPassword(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { [PASSWORD_VARIABLE]: given } = env;
  if (given !== undefined) {
    taken = given;
    delete env[PASSWORD_VARIABLE];
  }
  return taken;
}

/** The server, database and user of an address: what a password is for. Undefined for an address with a password. */
export function passwordKey(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { username, password, host, pathname } = new URL(address);
  return password === '' ? `postgres://${username}@${host}${pathname}` : undefined;
}
