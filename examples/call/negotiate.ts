/**
 * Perfect negotiation: either end may make an offer at any time, and if both do at once, the polite one withdraws its own.
 * https://w3c.github.io/webrtc-pc/#perfect-negotiation-example
 */

export type Signal =
  | { readonly description: RTCSessionDescriptionInit }
  | { readonly candidate: RTCIceCandidateInit };

/** @returns what takes the signals of the other end, in their order. */
export function negotiate(peer: RTCPeerConnection, isPolite: boolean, send: (signal: Signal) => void) {
  let isOffering = false;
  let ignoresOffer = false;

  async function describe(): Promise<void> {
    // The browser knows whether it has to be an offer or an answer.
    await peer.setLocalDescription();
    if (peer.localDescription) send({ description: peer.localDescription });
  }

  peer.onicecandidate = ({ candidate }) => candidate && send({ candidate });
  peer.onnegotiationneeded = async () => {
    isOffering = true;
    await describe().finally(() => {
      isOffering = false;
    });
  };

  return async (signal: Signal): Promise<void> => {
    if ('candidate' in signal) {
      // Candidates of an offer that was ignored belong to nothing.
      return peer.addIceCandidate(signal.candidate).catch((error) => {
        if (!ignoresOffer) throw error;
      });
    }
    const { description } = signal;
    const isOffer = description.type === 'offer';
    ignoresOffer = isOffer && !isPolite && (isOffering || peer.signalingState !== 'stable');
    if (ignoresOffer) return;
    await peer.setRemoteDescription(description);
    if (isOffer) await describe();
  };
}
