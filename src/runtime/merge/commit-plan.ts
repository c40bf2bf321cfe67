/** A prepared commit for the user's branch. */
export interface CommitPlan {
  readonly tree: string;
  /** The first one is the commit that the person has checked out. */
  readonly parents: readonly [string, ...string[]];
  readonly message: string;
  /** Runs none of the person's commit hooks. */
  readonly skipHooks: boolean;
  /** Folders to link into the checkout in which hooks run, as `[from, to]` relative to its top. */
  readonly links: readonly (readonly [from: string, to: string])[];
}
