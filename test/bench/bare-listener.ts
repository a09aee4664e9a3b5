import { App, HTTPReceiver } from '@slack/bolt';

// A Bolt app that does nothing but acknowledge: what a command costs before Towpath does anything.
const [port = '0', signingSecret = '', token = '', slackApiUrl = ''] = process.argv.slice(2);
const receiver = new HTTPReceiver({ signingSecret });
const app = new App({ receiver, token, clientOptions: { slackApiUrl } });
app.command(/.*/, async ({ ack }) => ack());
await receiver.start(Number(port));
process.stdout.write('ready\n');
