// Before the first paint: the colours that were chosen last.
(() => {
  'use strict';
  let theme = 'auto';
  try {
    theme = localStorage.getItem('kritik-theme') || 'auto';
  } catch { /* storage may be refused: as the system says, then */ }
  if (theme !== 'auto') {
    document.documentElement.dataset.theme = theme;
  }
  if (location.pathname === '/login' && location.search === '?wrong') {
    addEventListener('DOMContentLoaded', () => { document.getElementById('wrong').hidden = false; });
  }
})();
