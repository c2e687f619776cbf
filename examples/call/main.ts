/** A video call: the page of one of its two users. */

import { connect } from 'fanfare-client';
import { joinCall } from './call.ts';

const parameters = new URLSearchParams(location.search);
const me = parameters.get('user') ?? `guest-${Math.floor(1000 * Math.random())}`;
const room = parameters.get('room') ?? 'main';

/** In the place of your own sign-in: the local runtime gives a token to everyone who asks. */
const signIn = async () => (await fetch(`/examples/token?user=${encodeURIComponent(me)}`)).text();

function find<Kind extends Element>(selector: string, kind: new () => Kind): Kind {
  const found = document.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${selector}.`);
}

const local = find('#local', HTMLVideoElement);
const remote = find('#remote', HTMLVideoElement);
const join = find('#join', HTMLButtonElement);
const say = (text: string) => {
  find('#call', HTMLParagraphElement).textContent = text;
};

const connection = connect(`ws://${location.host}/local`, { token: signIn });
const showState = () => {
  find('#state', HTMLParagraphElement).textContent = connection.state;
};
connection.on('state', showState);
showState();

join.addEventListener('click', async () => {
  join.hidden = true;
  try {
    const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    local.srcObject = media;
    local.hidden = false;
    toggle('#camera', media.getVideoTracks());
    toggle('#microphone', media.getAudioTracks());
    say('You are the first. Open this page as another user.');
    await joinCall(connection, room, media, {
      onMedia(stream) {
        remote.srcObject = stream;
      },
      onState: (state, user) => say(`${user}: ${state}`),
    });
  } catch (error) {
    join.hidden = false;
    say(String(error));
  }
});

/** A track that is off sends black frames or silence, so nothing has to be negotiated again. */
function toggle(selector: string, tracks: readonly MediaStreamTrack[]): void {
  const button = find(selector, HTMLButtonElement);
  button.hidden = false;
  button.addEventListener('click', () => {
    for (const track of tracks) track.enabled = !track.enabled;
    button.ariaPressed = String(tracks.every(({ enabled }) => enabled));
  });
}
