import { SKEW_MS } from '../../../lambda/shared/may-write';
import { absentRecord } from '../../../lambda/shared/register/record';
import { type Fault, faulty } from '../fault';
import { REAL } from '../protocol';

/** Mistakes with registers, leases and transactions. */
export function registerFaults(): readonly Fault[] {
  return [
    {
      name: 'claim-by-one-register',
      about: 'one confirmation of three is taken for a majority',
      protocol: faulty({ isMajority: (confirmed) => confirmed.some(Boolean) }),
      breaks: 'no double write',
      foundIn: 'a claim',
    },
    {
      name: 'unconfirmed-claim',
      about: 'a run acts when it has claimed, before it has confirmed',
      protocol: faulty({ habits: { confirmsClaim: false } }),
      breaks: 'a claim before a promotion',
      foundIn: 'runs and their journal',
    },
    {
      name: 'claimed-is-won',
      about: 'a record that a claim has only claimed is taken for one that it has won',
      protocol: faulty({ habits: { isWonBy: ({ claimId }, own) => claimId === own } }),
      breaks: 'an epoch is owned once',
      foundIn: 'claimants',
    },
    {
      name: 'unconditional-renewal',
      about: 'a renewal is written without comparing the version',
      protocol: faulty({
        habits: {
          compareAndSet: (found, write) =>
            write.record.standing !== 'claimed' || found.version === write.expectedVersion,
        },
      }),
      breaks: 'an epoch is owned once',
      foundIn: 'no witness',
    },
    {
      name: 'renewed-release',
      about: 'a heartbeat renews an epoch that was released',
      protocol: faulty({
        decideHeartbeat: (question) => {
          const { ownership } = question.view;
          if (ownership.kind === 'unknown') return REAL.decideHeartbeat(question);
          return REAL.decideHeartbeat({
            ...question,
            view: { ...question.view, ownership: { ...ownership, released: false } },
          });
        },
      }),
      breaks: 'writing goes on',
      foundIn: 'a release',
    },
    {
      name: 'renewal-over-release',
      about: 'a renewal is not compared within its own epoch, because nobody else writes there',
      protocol: faulty({
        habits: {
          compareAndSet: (found, write) =>
            found.epoch === write.record.epoch || found.version === write.expectedVersion,
        },
      }),
      breaks: 'a released epoch stays released',
      foundIn: 'a release',
    },
    {
      name: 'impatient-claimant',
      about: 'a new owner opens at the end of the old lease, as its own clock tells it',
      protocol: faulty({ openFrom: (leaseEnds, other) => leaseEnds[other] ?? 0 }),
      breaks: 'no double write',
      foundIn: 'a claim',
    },
    {
      name: 'impatient-writer',
      about: 'a function writes to the very end of its lease',
      protocol: faulty({
        mayWrite: (question) => {
          const { reading } = question;
          if (!reading.known) return REAL.mayWrite(question);
          const lease = { ...reading.lease, leaseEnd: reading.lease.leaseEnd + SKEW_MS };
          return REAL.mayWrite({ ...question, reading: { known: true, lease } });
        },
      }),
      breaks: 'no double write',
      foundIn: 'a claim',
    },
    {
      name: 'silence-is-absence',
      about: 'a register that does not answer is taken for one that was never written',
      protocol: faulty({
        viewOf: (readings, quorum) =>
          REAL.viewOf(
            readings.map((reading) =>
              reading.known
                ? reading
                : { location: reading.location, known: true, record: absentRecord(quorum.primaryRegion) },
            ),
            quorum,
          ),
      }),
      breaks: 'nothing is decided without a majority',
      foundIn: 'no witness',
    },
    {
      name: 'forgotten-lease',
      about: 'what a claim leaves in the registers does not say until when the old lease runs',
      protocol: faulty({
        planClaim: (view, quorum, claimant) => {
          const plan = REAL.planClaim(view, quorum, claimant);
          if (!plan.ok || view.leaseEnds[claimant.otherRegion] === undefined) return plan;
          const writes = plan.writes.map((write) => ({
            ...write,
            record: { ...write.record, leaseEnds: { ...write.record.leaseEnds, [claimant.otherRegion]: claimant.now } },
          }));
          return { ...plan, writes };
        },
      }),
      breaks: 'no double write',
      foundIn: 'a claim',
    },
    {
      name: 'no-lease-assumed',
      about: 'a claim that finds no lease end does not wait for one',
      protocol: faulty({
        planClaim: (view, quorum, claimant) => REAL.planClaim(view, quorum, { ...claimant, leaseMs: 0 }),
      }),
      breaks: 'a new owner waits for the old lease',
      foundIn: 'a claim',
    },
    {
      name: 'lease-from-confirmation',
      about: 'a lease counts from when its renewal was confirmed, not from before it was sent',
      protocol: faulty({ habits: { leaseFrom: (_, confirmed) => confirmed } }),
      breaks: 'a new owner waits for the old lease',
      foundIn: 'stalls',
    },
    {
      name: 'opened-early',
      about: 'a heartbeat opens the local item while the other region may still write',
      protocol: faulty({
        decideLocal: (question) => REAL.decideLocal({ ...question, renewed: { ...question.renewed, openFrom: 0 } }),
      }),
      breaks: 'no double write',
      foundIn: 'a claim',
    },
    {
      name: 'released-before-closed',
      about: 'a region gives its epoch back while its functions still go by the local item',
      protocol: faulty({ habits: { closesFirst: false } }),
      breaks: 'no double write',
      foundIn: 'a release',
    },
    {
      name: 'asked-before-closed',
      about: 'whether the local item was ever open is asked before it is closed',
      protocol: faulty({ habits: { asksBeforeClosing: true } }),
      breaks: 'no double write',
      foundIn: 'a release',
    },
    {
      name: 'release-forgets-lease',
      about: 'a release says that its lease ends now, although functions have read it',
      protocol: faulty({
        planRelease: (view, epoch, released) => REAL.planRelease(view, epoch, { ...released, leaseEnd: 0 }),
      }),
      breaks: 'no double write',
      foundIn: 'a release',
    },
    {
      name: 'older-lease-forgotten',
      about: 'a release of an epoch that was never open forgets the lease of an older one',
      protocol: faulty({
        planRelease: (view, epoch, released) =>
          REAL.planRelease(view, epoch, released).map(({ record, ...write }) => ({
            ...write,
            record: { ...record, leaseEnds: { ...record.leaseEnds, [released.region]: released.leaseEnd } },
          })),
      }),
      breaks: 'no double write',
      foundIn: 'a release',
    },
    {
      name: 'hidden-owner',
      about: 'a claim does not say whose epoch it wants to follow',
      protocol: faulty({
        planClaim: (view, quorum, claimant) => {
          const plan = REAL.planClaim(view, quorum, claimant);
          if (!plan.ok) return plan;
          return {
            ...plan,
            writes: plan.writes.map(({ record: { lastWon: _, ...record }, ...write }) => ({ ...write, record })),
          };
        },
      }),
      breaks: 'writing goes on',
      foundIn: 'a claim',
    },
    {
      name: 'waits-for-nobody',
      about: 'the owner that claims back waits for a lease that nobody has had',
      protocol: faulty({
        planClaim: (view, quorum, claimant) => {
          const plan = REAL.planClaim(view, quorum, claimant);
          if (!plan.ok) return plan;
          const assumed = { [claimant.otherRegion]: claimant.now + claimant.leaseMs };
          const writes = plan.writes.map((write) => ({
            ...write,
            record: { ...write.record, leaseEnds: { ...assumed, ...write.record.leaseEnds } },
          }));
          return { ...plan, writes };
        },
      }),
      breaks: 'writing goes on',
      foundIn: 'a claim',
    },
    {
      name: 'never-claims-back',
      about: 'the owner of a contested epoch only ever renews it',
      protocol: faulty({ decideHeartbeat: (question) => REAL.decideHeartbeat({ ...question, dice: 1 }) }),
      breaks: 'writing goes on',
      foundIn: 'a claim',
    },
    {
      name: 'epoch-not-compared',
      about: 'a transaction does not look at the epoch in the database',
      protocol: faulty({ habits: { comparesEpoch: false } }),
      breaks: 'no double write',
      foundIn: 'writers',
    },
    {
      name: 'late-commit-acknowledged',
      about: 'a commit is acknowledged whenever it returns',
      protocol: faulty({ habits: { inTime: () => true } }),
      breaks: 'no double write',
      foundIn: 'writers',
    },
    {
      name: 'lease-ended-unproved',
      about: "a switchover says that the other region's lease is over before the new epoch is in its database",
      protocol: faulty({ habits: { provesEnd: false } }),
      breaks: 'no double write',
      foundIn: 'writes that are ended',
    },
  ];
}
