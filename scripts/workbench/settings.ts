/** The colour themes that pictures are taken in: the built-in ones, so that no extension decides how they look. */
export type Theme = 'light' | 'dark' | 'hc-dark' | 'hc-light';

/** VS Code's names of a theme: in its settings, in its list of themes, and as a class of the workbench. */
export const themes: Record<Theme, { readonly id: string; readonly label: string; readonly kind: string }> = {
  light: { id: 'Light Modern', label: 'Light Modern', kind: 'vs' },
  dark: { id: 'Dark Modern', label: 'Dark Modern', kind: 'vs-dark' },
  'hc-dark': { id: 'Default High Contrast', label: 'Dark High Contrast', kind: 'hc-black' },
  'hc-light': { id: 'Default High Contrast Light', label: 'Light High Contrast', kind: 'hc-light' },
};

/** The settings of every window: nothing that moves, greets, asks the network or differs between two runs. */
const quiet: Record<string, unknown> = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.autofetch': false,
  'git.openRepositoryInParentFolders': 'never',
  // Agents and their models listen on ports of this machine.
  'remote.autoForwardPorts': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
  // Without the product's name, which is not that of the desktop VS Code.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code's own placeholders
  'window.title': '${dirty}${activeEditorShort}${separator}${rootName}',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

/** Pinned for pictures and tests besides: a person at `npm start` keeps the cursor's blink and the animations. */
const still: Record<string, unknown> = {
  'editor.cursorBlinking': 'solid',
  'window.autoDetectColorScheme': false,
  // The editor returns the focus to a page 50 ms after a box has closed: in a busy window that closes the next box.
  'workbench.quickOpen.closeOnFocusLost': false,
  'workbench.reduceMotion': 'on',
};

/** The settings of a window for tests, with a theme and additions of a test. */
export function testSettings(theme: Theme, extra: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...quiet, ...still, 'workbench.colorTheme': themes[theme].id, ...extra };
}

/** The settings that `npm start` begins with; the person's own changes to them are kept. */
export function startSettings(): Record<string, unknown> {
  return { ...quiet, 'workbench.colorTheme': themes.dark.id };
}
