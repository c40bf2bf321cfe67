import { RequestError } from '@agentclientprotocol/sdk';
import type { KeyMethod } from '../adapters/adapter.ts';
import type { Environment } from '../environment.ts';
import type { GuardedClient } from '../guarded-client.ts';
import type { Connection } from './connection.ts';
import { AUTH_REQUIRED } from './errors.ts';
import { type Fields, fieldsOf, listOf, textOf } from './wire.ts';

type Request = (method: string, params: unknown) => Promise<unknown>;

/**
 * Requests of a connection that log in once, without a person, if the agent demands it.
 *
 * @param offered `authMethods` of the agent
 */
export function withLogin(
  connection: Connection,
  offered: unknown,
  keyMethods: readonly KeyMethod[],
  env: Environment,
  client: GuardedClient,
): Request {
  let methodId = loginMethod(offered, keyMethods, env);
  return async (method, params) => {
    try {
      return await connection.request(method, params);
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== AUTH_REQUIRED || methodId === undefined) throw error;
      const chosen = methodId;
      methodId = undefined;
      await connection.request('authenticate', { methodId: chosen });
      await client.log({ type: 'system', level: 'debug', message: `Logged in with the method "${chosen}".` });
      return await connection.request(method, params);
    }
  };
}

/** A method that needs no person: a known or configured one, or one whose variables are all set. */
export function loginMethod(offered: unknown, keyMethods: readonly KeyMethod[], env: Environment): string | undefined {
  const methods = listOf(offered).map((item) => fieldsOf(item) ?? {});
  const ids = methods.map(({ id }) => id);
  const isSet = (name: string): boolean => (env[name] ?? '') !== '';
  const known = keyMethods.find(({ id, variables }) => ids.includes(id) && (variables?.some(isSet) ?? true));
  return known?.id ?? textOf(methods.find((method) => takesVariables(method, isSet))?.id);
}

function takesVariables({ type, vars }: Fields, isSet: (name: string) => boolean): boolean {
  const names = listOf(vars).map((item) => textOf(fieldsOf(item)?.name));
  return type === 'env_var' && names.length > 0 && names.every((name) => name !== undefined && isSet(name));
}
