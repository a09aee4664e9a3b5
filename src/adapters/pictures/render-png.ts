import { readFile } from 'node:fs/promises';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { fontsFor } from './fonts.ts';

/** No font here has them: an empty box in their place would say less than nothing. */
const EMOJI = /(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\uFE0F|\u200D|\u20E3)+ ?/gu;

let started: Promise<void> | undefined;

/** A PNG of an SVG. Takes up to seconds of computing. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  started ??= start();
  await started;
  const text = svg.replace(EMOJI, '');
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

async function start(): Promise<void> {
  await initWasm(await readFile(new URL(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))));
}
