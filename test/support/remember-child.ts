import { permissionRuleSchema } from '../../src/core/policy/rules.ts';
import { rememberRules } from '../../src/runtime/approvals/remember-rules.ts';

/** Remembers so many rules of its own in a folder, one after the other. */
const [folder = '', name = '', count = '0'] = process.argv.slice(2);
for (let at = 0; at < Number(count); at += 1) {
  await rememberRules(folder, [permissionRuleSchema.parse({ allow: 'command', pattern: `${name} ${at}` })]);
}
