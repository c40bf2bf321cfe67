/** A use of a tool in the words of `allowed_tools`. */
export type ToolUse =
  | { readonly category: 'file_operations'; readonly access: 'read' | 'write' }
  /** `words` only for one simple command. */
  | { readonly category: 'code_execution'; readonly words: readonly string[] | undefined }
  | { readonly category: 'web_search' | 'markdown_processing' | 'debugging_tools' }
  | { readonly category: 'mcp'; readonly server: string }
  /** Thinking, keeping a list of things to do, changing the mode: no tool that could be withheld. */
  | { readonly category: 'none' }
  /** The effect is unknown; `perhaps` is a guess from the name, which can only cause a warning. */
  | { readonly category: 'unknown'; readonly perhaps?: ToolUse };
