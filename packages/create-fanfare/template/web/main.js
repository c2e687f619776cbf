/** A chat in one channel: the messages of the last day, and then every new one. */

import { connect } from '/app/fanfare-client.js';

const { url } = await (await fetch('backend.json')).json();
const connection = connect(url);
const lobby = connection.channel('chat:lobby');

/** @param {string} role */
const byRole = (role) => document.querySelector(`[role="${role}"]`) ?? document.body;
const form = document.querySelector('form');

connection.on('state', (state) => {
  byRole('status').textContent = state;
});

/** @param {unknown} data */
function show(data) {
  const row = document.createElement('li');
  row.textContent = String(data);
  byRole('log').append(row);
}

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = String(new FormData(form).get('text'));
  try {
    await lobby.publish(text);
    form.reset();
    byRole('alert').textContent = '';
  } catch (error) {
    byRole('alert').textContent = error instanceof Error ? error.message : String(error);
  }
});

// From the oldest message that the channel keeps.
lobby.subscribe(({ data }) => show(data), { after: 0 });
