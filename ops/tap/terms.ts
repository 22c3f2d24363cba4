/** Every word of ours that a help text or a screen uses, explained once (design.md section 2 has the same words). */
export const TERMS = {
  primary: 'the region that is home: it does the work in normal times. A fixed role, from the configuration',
  dr: 'the other region (disaster recovery), which takes over. A fixed role, from the configuration',
  witness: 'a third region with one small table, so that two of three places can agree although one is lost',
  'active region': 'the region that may write at the moment: primary in normal times, dr after a failover',
  epoch: 'a number that grows with every change of the active region; every write carries it',
  lease: 'the time until which the active region may write; it is renewed every 10 seconds',
  register: 'where epoch and lease are kept: three tables, one each in primary, dr and witness; two of them decide',
  failover: 'makes the other region active without asking the present one. For an emergency; may lose the last seconds',
  switchover: 'makes the other region active with both working. Planned; loses nothing',
  'fail-back': 'a switchover to primary',
  run: 'one failover or switchover from its beginning to its end, kept in the journal under a run id',
  orchestrator:
    'the function failover-orchestrator: one in each region; it makes its own region active, never the other',
  journal: 'the table in which an orchestrator writes every step before and after it is done',
  guard: 'a condition that is looked at before anything is changed; all have to say yes',
  loss: 'seconds of confirmed work that had not reached the other region yet, and would be gone after a failover',
  lag: 'how far the database of the region that is not active is behind, in seconds',
  RPO: 'recovery point objective: the loss, in seconds, up to which a failover needs nobody to accept it (rpoSeconds)',
  readiness: 'what would keep a region from taking over; looked at every 5 minutes',
  reconciliation: 'every order since the fault is looked for in the database, and executed where it is missing',
  reconciler:
    'a function in each region that looks every 10 seconds for orders without an effect, and for runs that nobody works on',
  report: 'what is written up at the end of a run, or of a drill: who, why, every step and its time',
  'hash chain':
    'each report carries the fingerprint of the one before it, so that none can be changed or taken away unseen',
  blocker:
    'a condition without which a deployment, or a failover, is certain not to succeed; anything else is a warning',
  quota: 'how many of a thing AWS lets one account have, in all or in each region; it can be raised on request',
  'hosted zone': 'the place in Route 53, AWS’s DNS, that holds the names of a domain',
  frozen: 'no failover starts by itself, until a time that was named',
  stack: 'one deployment of the program; its name is the last part of every name in it, "dev" for example',
  outputs: 'names and addresses of a deployed stack, in cfn-outputs/flat-outputs.json',
} as const satisfies Readonly<Record<string, string>>;

export type Term = keyof typeof TERMS;

const ALL = Object.keys(TERMS).filter((key): key is Term => key in TERMS);

/** The words of ours that a text uses, and those that their explanations use: nobody is left with one that is not explained. */
export function termsIn(text: string): readonly Term[] {
  const found = new Set<Term>();
  const look = (said: string): void => {
    for (const term of ALL) {
      if (found.has(term) || !new RegExp(`\\b${term}s?\\b`, 'i').test(said)) continue;
      found.add(term);
      look(TERMS[term]);
    }
  };
  look(text);
  return ALL.filter((term) => found.has(term));
}
