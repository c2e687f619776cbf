/** Tabs as the ARIA pattern has them: one stop for the Tab key, arrows between them. */

const steps = new Map([
  ['ArrowRight', 1],
  ['ArrowLeft', -1],
]);

/**
 * @param {HTMLElement} list Its buttons name their panels by `aria-controls`.
 * @param {(panel: string) => void} onShow
 */
export function makeTabs(list, onShow) {
  const tabs = [...list.querySelectorAll('button')];

  /** @param {HTMLButtonElement} chosen */
  function show(chosen) {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      const panel = tab.getAttribute('aria-controls') ?? '';
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      document.getElementById(panel)?.toggleAttribute('hidden', !isChosen);
      if (isChosen) onShow(panel);
    }
  }

  tabs.forEach((tab, index) => {
    tab.addEventListener('click', () => show(tab));
    tab.addEventListener('keydown', (event) => {
      const step = steps.get(event.key);
      const next = step && tabs.at((index + step) % tabs.length);
      if (!next) return;
      event.preventDefault();
      next.focus();
      show(next);
    });
  });

  return {
    /** @param {string} panel */
    show(panel) {
      const tab = tabs.find((each) => each.getAttribute('aria-controls') === panel);
      if (tab) show(tab);
    },
  };
}
