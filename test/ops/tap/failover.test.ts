import { Scene } from './support/scene';
import { setStage, type Stage } from './support/stage';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
}, 60_000);

test('try', async () => {
  const scene = await Scene.open(stage);
  console.log(await scene.tap('failover --dry-run'));
  console.log(await scene.tap('failover', { types: ['dev'] }));
}, 60_000);
