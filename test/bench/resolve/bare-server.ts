import fastify from 'fastify';

// A Fastify route that does nothing but return the bytes that it was given for each path: what an answer costs before anybody is let
// in, and anything is asked or remembered.
const [port = '0'] = process.argv.slice(2);
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
// A text takes half the time that a Buffer would.
const bodies = new Map(Object.entries(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>));
const app = fastify();
app.get('/*', (request, reply) => {
  reply.type('application/json; charset=utf-8').send(bodies.get(request.url));
});
await app.listen({ port: Number(port), host: '127.0.0.1' });
// Asked for what it took so far; before its port is told, as whoever asks without this ends it.
process.on('SIGUSR2', () => {
  process.stdout.write(`${JSON.stringify({ ...process.memoryUsage(), cpu: process.cpuUsage() })}\n`);
});
const address = app.server.address();
process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
