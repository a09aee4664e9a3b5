import { beforeEach, expect, it } from 'vitest';
import { Subscriber } from '../../../src/adapters/data-plane/subscriber.ts';

let written: string[];
let waiting: number;
let ended: number;
let left: number;
let subscriber: Subscriber;

beforeEach(() => {
  [written, waiting, ended, left] = [[], 0, 0, 0];
  const sink = {
    write: (chunk: Buffer) => void written.push(String(chunk)),
    waiting: () => waiting,
    end: () => {
      ended += 1;
    },
  };
  const request = { holder: 'token', lastSeen: null, stillGood: () => true, sink };
  subscriber = new Subscriber(request, 'staging', () => {
    left += 1;
  });
});

const send = (text: string) => subscriber.send(Buffer.from(text));

it('what was missed comes before what came meanwhile', () => {
  send('new 1');
  send('new 2');
  expect(written).toEqual([]);
  subscriber.begin([Buffer.from('missed')]);
  send('new 3');
  expect(written).toEqual(['missed', 'new 1', 'new 2', 'new 3']);
});

it('a reader who takes nothing is told so and ended, and nothing more is written for it', () => {
  subscriber.begin([]);
  send('one');
  waiting = 1_000_000;
  send('two');
  send('three');
  expect(written).toEqual(['one', 'event: end\ndata: {"reason":"too_slow"}\n\n']);
  expect([ended, left, subscriber.isOpen]).toEqual([1, 1, false]);
});

it('no more than a thousand events wait for those that were missed', () => {
  for (let n = 0; n <= 1_000; n++) send(`new ${n}`);
  expect([ended, left]).toEqual([1, 1]);
  subscriber.begin([Buffer.from('missed')]);
  expect(written).toHaveLength(1);
});

it('it ends once, whoever ends it, and a reader who has gone is told nothing', () => {
  subscriber.leave();
  subscriber.end('shutting_down');
  subscriber.leave();
  send('late');
  expect([written, ended, left]).toEqual([[], 0, 1]);
});
