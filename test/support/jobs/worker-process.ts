import { pino } from 'pino';
import { startJobs } from '../../../src/adapters/jobs/start-jobs.ts';
import { tasksThat } from './queue.ts';

/**
 * A process for tests to kill: works on the database named by its argument, says `took …` of each webhook job and never ends
 * one, and says `did …` of each announcement.
 */
const say = (line: string) => process.stdout.write(`${line}\n`);
const jobs = await startJobs({
  connectionString: process.argv[2] ?? '',
  log: pino({ level: 'silent' }),
  ticks: [],
  tasks: tasksThat({
    'deliver-webhook': (payload) => {
      say(`took ${JSON.stringify(payload)}`);
      return new Promise(() => undefined);
    },
    'post-announcement': async (payload) => {
      say(`did ${JSON.stringify(payload)}`);
    },
  }),
});
process.once('SIGTERM', () => void jobs.stop().then(() => process.exit(0)));
say('ready');
