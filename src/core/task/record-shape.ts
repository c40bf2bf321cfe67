import { type ObjectShape, shapeOf } from '../schema-shape.ts';
import { taskRecordSchema } from './schema.ts';

const shape = shapeOf(taskRecordSchema);
// The checks of single keys are made from this shape: without keys they would accept every value.
if (shape.kind !== 'object') throw new Error('The schema of task records has a part that its shape cannot express.');

/** The shape of a task record. The build replaces this module by its value, so that reading tasks builds no schema. */
export const recordShape: ObjectShape = shape;
