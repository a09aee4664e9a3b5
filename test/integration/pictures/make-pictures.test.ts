import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePictures } from '../../../src/adapters/pictures/make-pictures.ts';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { aChain, aGraph, aStep, named } from '../../support/workflows/graphs.ts';

let pictures: ReturnType<typeof makePictures>;
beforeAll(() => {
  pictures = makePictures();
});
afterAll(() => pictures.stop());

async function pngOf(...labels: string[]): Promise<Uint8Array> {
  const after = aGraph(labels.map((label, at) => aStep(`s${at}`, { label, kind: '-' })));
  const picture = await pictures.draw(null, after, diffDefinitions(null, after));
  return pictures.png(picture?.svg ?? '');
}

/** Width and height stand at the beginning of a PNG. */
function sizeOf(png: Uint8Array): { width: number; height: number } {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

test('a picture is drawn as large as it says', async () => {
  const after = aChain(['a', 'b', 'c']);
  const picture = await pictures.draw(null, after, diffDefinitions(null, after));
  expect(sizeOf(await pictures.png(picture?.svg ?? ''))).toEqual({ width: picture?.width, height: picture?.height });
});

describe('letters', () => {
  // What no font has is drawn as the same empty box, so two labels of it look the same; real letters differ.
  test.each([
    ['Chinese', '工单', '总结'],
    ['Japanese', 'ひら', 'カタ'],
    ['Arabic, joined,', 'الأهمية', 'الإجابة'],
    ['Hebrew', 'סיכום', 'הפניה'],
    ['Cyrillic', 'Отчёт', 'Билет'],
  ])('%s ones are drawn', async (_, one, other) => {
    expect(Buffer.from(await pngOf(one, 'x')).equals(Buffer.from(await pngOf(other, 'x')))).toBe(false);
  });

  test('joined letters are drawn beside Latin ones too', async () => {
    // As boxes, two texts of as many letters would look alike.
    const [one, other] = [await pngOf('API الأهمية 1', 'x'), await pngOf('API الإجابة 1', 'x')];
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(false);
  });

  test('emoji are left out, and take nothing else with them', async () => {
    const draw = (text: string) =>
      pictures.png(
        `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text x="5" y="20" font-family="Noto Sans">${text}</text></svg>`,
      );
    const plain = Buffer.from(await draw('Fetch'));
    for (const text of ['🔥 Fetch', '👩‍👩‍👧‍👦 Fetch', '🇩🇪 ❤️ Fetch'])
      expect(Buffer.from(await draw(text)).equals(plain)).toBe(true);
  });
});

test('the event loop goes on while the largest picture is drawn', async () => {
  const ids = named(290);
  const arrows = ids.flatMap((id, at) => named(11).map((_, nth) => `${id}>s${(at * 7 + nth * 13) % 290}`));
  const after = aGraph(ids, arrows);
  const diff = diffDefinitions(null, after);
  let isDone = false;
  let turns = 0;
  const drawing = pictures
    .draw(null, after, diff)
    .then((picture) => pictures.png(picture?.svg ?? ''))
    .finally(() => {
      isDone = true;
    });
  while (!isDone) {
    await wait(10);
    turns += 1;
  }
  sizeOf(await drawing);
  expect(turns).toBeGreaterThan(3);
});

test('what is no SVG is refused, and the next picture drawn', async () => {
  await expect(pictures.png('<svg')).rejects.toThrow();
  sizeOf(await pngOf('a', 'b'));
});
