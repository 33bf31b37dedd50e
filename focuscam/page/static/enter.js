/* The way in: takes the key from behind the # of the address, or as it is typed, and asks for the cookie. */

const form = /** @type {HTMLFormElement} */ (document.getElementById("form"));
const field = /** @type {HTMLInputElement} */ (document.getElementById("key"));
const why = /** @type {HTMLElement} */ (document.getElementById("why"));

/** @param {string} key */
async function enter(key) {
  why.textContent = "";
  try {
    const answer = await fetch("/enter", { method: "POST", body: key });
    if (answer.ok) location.replace("/");
    else why.textContent = await answer.text();
  } catch {
    why.textContent = "The camera's machine does not answer.";
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  enter(field.value.trim().toLowerCase());
});

const given = location.hash.slice(1);
if (given) {
  history.replaceState(null, "", "/");
  enter(given);
}

export {};
