/**
 * The model check (X15): every interleaving, at small bounds, of the code that decides who may write and how a region takes
 * over. What decides is the product's own code, by the seam in protocol.ts; what is modelled is the world around it.
 *
 * The parts, each explored to its end (configurations.ts):
 * - registers/: heartbeats, claims and releases as single reads and compare-and-sets of single registers. Every message may be
 *   lost, late, or applied with its answer lost; paths between a region and a register break and heal; a process may stall
 *   anywhere; clocks differ.
 * - writers.ts: transactions of functions, as fenced-write.ts runs them, over renewals and claims.
 * - runs/plan-run.ts: the decision about one run with every answer in every order, and a crash at every point.
 * - runs/orchestrator.ts: invocations with their journal, a zombie among them, RDS, the alarm and an operator, in both regions.
 *
 * From every state that is reached, a fair continuation without further faults has to come to a good end, also after the loss
 * of a location (`Recovery` in explorer.ts). Mistakes that are planted on purpose have to be found (faults.ts).
 *
 * What this leaves out, and what a green check therefore does not say:
 * - Time is in ticks of 5 s, the bound of the skew, and leases are 1 to 3 ticks long. All constants are whole ticks and all
 *   comparisons are of sums of them, so shorter steps would show nothing new; other ratios of lease, skew and stall are not
 *   looked at. A clock is up to a tick off and keeps its error.
 * - Bounds: one or two messages that are lost, late or cut off; one or two stalls; three claims; three invocations; one abort.
 *   Time itself has no bound: states are equal that differ only in how long ago everything was.
 * - A worker begins one operation per tick, and a stall is longer than a tick. Who has crashed is one that stalls for good.
 * - A register is an item that is read and written atomically and never lost. One that is made anew, empty, is another matter:
 *   two of them would forget a lease. Traffic is not looked at.
 * - With the runs, heartbeats renew every tick and as a whole; a claim and a release are whole as well. Their parts
 *   are interleaved in registers/. Of the plans only the end of the other region's writes, the change of roles and the opening
 *   are looked at there; that consumers are stopped, and started again when a run is given up, is a matter of other tests.
 * - A zombie may claim long after its run has ended, and leave its region an owner without a run. What has to follow from that
 *   is that somebody writes again, not that nobody waits for it. A person may be needed: recoveries accept a loss.
 * - RDS: an order is taken, refused or lost, or not answered and begun with within a tick: less than a run waits for it, which is
 *   an assumption. One of a zombie may come at any time. A promotion ends at any time, or is given up; the old writer is fenced
 *   or not. A switchover stops the old writer when it is taken, and ends at any time or is
 *   cancelled. What is lost by a failover is not counted.
 * - In registers/ and writers.ts both databases take writes all the while, which is more than AWS allows. The local item is read
 *   and written without faults. The row `writer_epoch` is not replicated: each region's database begins with epoch 1.
 * - The guards are asked with the answers of a real fault; which answers lead where is a matter of their own tests.
 * - Files with effects are not run: register-store.ts, register-keeper.ts, local-lease.ts, fenced-write.ts, executor.ts,
 *   journal.ts and the steps are modelled as they are to be written (`Habits` in protocol.ts, cycles.ts,
 *   runs/orchestrator-commands.ts).
 */
export { BOUNDS, type Bound, type Configuration, CONFIGURATIONS } from './configurations';
export type { Counterexample, Exploration } from './explorer';
export type { Fault } from './fault';
export { FAULTS } from './faults';
export { INVARIANTS, type InvariantName, LIVENESS } from './invariants';
export { renderExploration, renderStory, TABLE_HEAD } from './render';
