/** The name of the agent that works with the models of an editor. */
export const EDITOR_MODEL_NAME = 'VSCODE_LM';
