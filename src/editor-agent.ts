import { EditorModelProgram } from './agents/editor-model/program/program.ts';

// The worker starts this file as the agent for models of an editor.
const { stdin, stdout, env } = process;
const program = new EditorModelProgram(stdin, stdout, env);
process.once('SIGTERM', () => process.exit(0));
void program.ended.then(() => process.exit(0));
