import { type Shape, shapeOf } from '../schema-shape.ts';
import { taskRecordSchema } from './schema.ts';

/** The shape of a task record. The build replaces this module by its value, so that reading tasks builds no schema. */
export const recordShape: Shape = shapeOf(taskRecordSchema);
