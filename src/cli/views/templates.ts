import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf } from '../../operations/all.ts';
import type { Style } from '../terminal/style.ts';

type Template = OutputOf<'template.list'>['templates'][number];

/** One template: name and origin, then its title and fields, each on a new line. */
export function templateLine(template: Template, style: Style): string {
  const { name, origin, title, description, fields, problem } = template;
  const head = `${sanitizeLine(name)} ${style('dim', `(${origin})`)}`;
  if (problem !== undefined) return `${head}\n  ${style('yellow', 'problem')}  ${sanitizeLine(problem)}`;
  const about = [sanitizeLine(title), ...(description === undefined ? [] : [sanitizeLine(description)])].join(': ');
  const names = fields.map((field) => `${sanitizeLine(field.name)}${field.required ? ' (required)' : ''}`).join(', ');
  return [head, `  ${about}`, ...(names === '' ? [] : [`  ${style('dim', `Fields: ${names}`)}`])].join('\n');
}

/** One template with every fact about its fields. */
export function templateView(template: Template, style: Style): string {
  const fields = template.fields.map((field) => {
    const facts = [
      field.type,
      ...(field.required ? ['required'] : []),
      ...(field.options === undefined ? [] : [field.options.join(' | ')]),
      ...(field.default === undefined ? [] : [`default ${field.default}`]),
    ];
    return `  --set ${sanitizeLine(field.name)}=…  ${style('dim', sanitizeLine(facts.join(', ')))}`;
  });
  return [templateLine(template, style), ...fields].join('\n');
}
