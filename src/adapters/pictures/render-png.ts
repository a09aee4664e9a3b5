import { readFile } from 'node:fs/promises';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { fontsFor } from './fonts.ts';

/** No font here has them: an empty box in their place would say less than nothing. */
const EMOJI = /(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\uFE0F|\u200D|\u20E3)+ ?/gu;

/** Words in Arabic script, with what stands between them. */
const ARABIC = /\p{Script=Arabic}+(?:[\s\p{P}\p{M}]+\p{Script=Arabic}+)*/gu;

let started: Promise<void> | undefined;

/** Runs in a worker thread: drawing takes up to seconds of computing. */
export default async function renderPng(svg: string): Promise<Uint8Array> {
  started ??= start();
  await started;
  const text = svg.replace(EMOJI, '').replace(/>[^<]+<\/text>/g, namingArabicFont);
  const picture = new Resvg(text, {
    font: { fontBuffers: await fontsFor(text), defaultFontFamily: 'Noto Sans', sansSerifFamily: 'Noto Sans' },
  });
  try {
    const image = picture.render();
    const png = image.asPng();
    image.free();
    return png;
  } finally {
    picture.free();
  }
}

/** Joined letters are found in the font that is named only: the first one that merely has the letters would draw boxes. */
function namingArabicFont(text: string): string {
  return text.replace(ARABIC, (words) => `<tspan font-family="Noto Naskh Arabic">${words}</tspan>`);
}

async function start(): Promise<void> {
  await initWasm(await readFile(new URL(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))));
}
