// The gateway of the soak: `node --expose-gc soak-gateway.mjs <directory>`, with an IPC channel.
import { createGateway, localDriver } from '@raywire/gateway';
import { answerMeasurements } from './measured.mjs';

const [, , directory] = process.argv;
const gateway = createGateway({
  driver: localDriver({ directory }),
  token: process.env.RAYWIRE_AGENT_TOKEN,
  onEvent: (event) => {
    if (event.type !== 'listening') process.send({ failure: `${event.type} ${event.error ?? event.reason}` });
  },
});
answerMeasurements();
await gateway.listen();
process.send({ url: gateway.url });
process.once('disconnect', () => gateway.close());
