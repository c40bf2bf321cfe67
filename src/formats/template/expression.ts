import { Template } from '@huggingface/jinja';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { closest } from '../../core/text/closest.ts';

/** Values of a template's fields by name. */
export type FieldValues = Readonly<Record<string, string>>;

/** A rendered text is at most this long. */
const MAX_RENDERED_CHARS = 200_000;
const MAX_SOURCE_CHARS = 20_000;

/** Filters that neither loop nor multiply their input. */
const filters: ReadonlySet<string> = new Set([
  'upper',
  'lower',
  'title',
  'capitalize',
  'trim',
  'length',
  'int',
  'float',
  'abs',
  'string',
  'first',
  'last',
]);

interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

/** A text of a template with `{{ … }}` expressions, checked before it is rendered. */
export interface Expression {
  /** Names of the fields that it uses; a name is repeated for each use. */
  readonly names: readonly string[];
  /** @throws TaskError `TooLarge` if the result would be too long, `InvalidInput` if the values do not fit */
  render(values: FieldValues): string;
}

/**
 * Compiles a text of a template. Only expressions and `if` blocks are accepted: loops, assignments, macros, calls and
 * attribute access could run for ever or grow without bound, and a template may come from anyone.
 *
 * @param fields - the names that the text may use
 * @param place - names the text in messages: `resource_constraints.max_tokens`
 * @throws TaskError `InvalidInput` for a syntax error, an unknown name (with the closest field) or a refused construct
 */
export function compileExpression(text: string, fields: readonly string[], place: string): Expression {
  if (text.length > MAX_SOURCE_CHARS) {
    throw new TaskError('TooLarge', `${place} has ${text.length} characters; the limit is ${MAX_SOURCE_CHARS}.`);
  }
  const template = attempt(place, () => new Template(text));
  const names = attempt(place, () => namesIn(template.parsed as unknown as Node, place));
  for (const name of names) {
    if (!fields.includes(name)) throw unknownName(name, fields, place);
  }
  return {
    names,
    render(values) {
      const bound = names.reduce((sum, name) => sum + (values[name]?.length ?? 0), text.length);
      if (bound > MAX_RENDERED_CHARS) {
        throw new TaskError(
          'TooLarge',
          `${place} would have up to ${bound} characters; the limit is ${MAX_RENDERED_CHARS}.`,
        );
      }
      return attempt(place, () => template.render({ ...values }));
    },
  };
}

function namesIn(program: Node, place: string): string[] {
  const names: string[] = [];
  const visit = (node: Node): void => {
    const children = partsOf(node, place);
    if (node.type === 'Identifier') names.push(String(node['value']));
    for (const child of children) visit(child);
  };
  visit(program);
  return names;
}

/** The child nodes of a node that are expressions. @throws TaskError for syntax that a template must not contain */
function partsOf(node: Node, place: string): Node[] {
  const part = (key: string): Node => node[key] as Node;
  const list = (key: string): Node[] => (node[key] ?? []) as Node[];
  switch (node.type) {
    case 'StringLiteral':
    case 'IntegerLiteral':
    case 'FloatLiteral':
    case 'Comment':
    case 'Identifier':
      return [];
    case 'Program':
      return list('body');
    case 'If':
      return [part('test'), ...list('body'), ...list('alternate')];
    case 'ArrayLiteral':
    case 'TupleLiteral':
      return list('value');
    case 'Ternary':
      return [part('condition'), part('trueExpr'), part('falseExpr')];
    case 'SelectExpression':
      return [part('lhs'), part('test')];
    case 'BinaryExpression':
      return [part('left'), part('right')];
    case 'UnaryExpression':
      return [part('argument')];
    case 'FilterExpression': {
      const { type, value } = part('filter');
      if (type === 'Identifier' && filters.has(String(value))) return [part('operand')];
      throw refused(place, `the filter "${String(value)}"`, `Available filters: ${[...filters].join(', ')}.`);
    }
    default:
      throw refused(place, `"${node.type}"`, 'Templates take expressions and if blocks only.');
  }
}

function refused(place: string, what: string, why: string): TaskError {
  return new TaskError('InvalidInput', `${place}: ${what} is not allowed in a template. ${why}`);
}

function unknownName(name: string, fields: readonly string[], place: string): TaskError {
  const known = fields.length === 0 ? 'The template has no fields.' : `Fields: ${fields.join(', ')}.`;
  const meant = closest(name, fields);
  return new TaskError('InvalidInput', `${place}: unknown name "${name}". ${known}`, {
    next: meant === undefined ? [] : [textStep(`Did you mean "${meant}"?`)],
  });
}

/** Errors of the expression library become errors of the template. */
function attempt<T>(place: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof TaskError) throw error;
    throw new TaskError('InvalidInput', `${place}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
