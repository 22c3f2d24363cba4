/** What must hold, by name, and why it matters. */
export const INVARIANTS = {
  'no double write':
    'a commit was acknowledged under an epoch although another region had committed under a higher one: the two databases disagree for good',
  'an epoch is owned once': 'two claimants act under one epoch, so no later check can tell them apart',
  'a new owner waits for the old lease':
    'functions of the other region that have read their lease go by it to its end, whoever owns the epoch',
  'nothing is decided without a majority':
    'whoever is cut off would go by what it imagines; a failed read is never an absent item',
  'a released epoch stays released': 'nobody else could take it: the region that gave it back would keep it alive',
  'writing goes on': 'no region writes, although only one location is lost and nothing else goes wrong',
  'a claim before a promotion': 'a promotion without the epoch leaves two writers that both believe to be allowed',
  'what is done is in the journal': 'after a crash nobody would know of it',
  'the journal only goes forward': 'an invocation that was replaced has undone what its successor wrote',
  'guards are asked first': 'a run acts although a guard says no',
  'a person is waited for':
    "an operator's run whose loss nobody has accepted starts by itself, when nobody thinks of it any more",
  'an order is settled first':
    'RDS carries out an order whose run has given the epoch back: the writer moves to a region that nobody made active',
  'who opens goes on':
    'the run that has opened its region has the orders since the fault looked for; ended too early, nobody does',
  'a step waits for the ones before it':
    'the plan is a DAG for a reason: lease and epoch are opened on a promoted database',
  'what a run gives up is free':
    'the old region, whose database still is the writer, could not take the next epoch, and nobody would write',
  'every run ends': 'a run that never ends holds the journal, and no other can begin',
  'every crash resumes': 'a step that was begun and has no attempt under way is never ended',
} as const;

/** Of these not a state is wrong, but that nothing good follows from it. */
export const LIVENESS: ReadonlySet<string> = new Set([
  'writing goes on',
  'what a run gives up is free',
  'every run ends',
  'every crash resumes',
]);

export type InvariantName = keyof typeof INVARIANTS;
