import { recordShape } from '../../src/core/task/record-shape.ts';

/** Puts the shape of task records into the bundles as a value, so that they check records without building the schema. */
export function storedShapes() {
  return {
    name: 'stored-shapes',
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/]core[\\/]task[\\/]record-shape\.ts$/ }, () => ({
        contents: codeOf(recordShape),
      }));
    },
  };
}

/** A module that exports a value of JSON. A part that occurs more than once is written once. */
function codeOf(value) {
  const counts = new Map();
  const count = (part) => {
    if (typeof part !== 'object' || part === null) return;
    const text = JSON.stringify(part);
    counts.set(text, (counts.get(text) ?? 0) + 1);
    if (counts.get(text) === 1) Object.values(part).forEach(count);
  };
  count(value);
  const names = new Map();
  const lines = [];
  const write = (part) => {
    if (typeof part !== 'object' || part === null) return JSON.stringify(part);
    const text = JSON.stringify(part);
    if (names.has(text)) return names.get(text);
    const entries = Object.entries(part).map(([key, inner]) => [JSON.stringify(key), write(inner)]);
    const code = Array.isArray(part)
      ? `[${entries.map(([, inner]) => inner).join(',')}]`
      : `{${entries.map(([key, inner]) => `${key}:${inner}`).join(',')}}`;
    if (counts.get(text) === 1) return code;
    names.set(text, `part${names.size}`);
    lines.push(`const ${names.get(text)} = ${code};`);
    return names.get(text);
  };
  const whole = write(value);
  return `${lines.join('\n')}\nexport const recordShape = ${whole};\n`;
}
