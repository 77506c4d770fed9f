// Passkeys: asks the server for a challenge, the device for a signature, and goes on.
// A page without this script, or a browser without passkeys, keeps the other ways of signing in.

const ways = {
  prove: {
    url: "/sign-in/passkey",
    sign: (options) =>
      navigator.credentials.get({
        publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
      }),
  },
  add: {
    url: "/sign-in/set-up/passkey",
    sign: (options) =>
      navigator.credentials.create({
        publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
      }),
  },
};

async function ask(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
    redirect: "error",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function go(place) {
  const way = ways[place.dataset.passkey];
  const wrong = place.querySelector("[role=alert]");
  const button = place.querySelector("button");
  const name = place.querySelector("input[name=name]");
  const remember = document.querySelector("input[name=remember]");
  wrong.hidden = true;
  button.disabled = true;
  try {
    const { id, options } = await ask(`${way.url}/options`, {});
    const credential = await way.sign(options);
    const { to } = await ask(way.url, {
      id,
      credential: credential.toJSON(),
      next: place.dataset.next,
      name: name ? name.value : "",
      remember: remember ? remember.checked : false,
    });
    location.assign(to);
  } catch (error) {
    wrong.hidden = false;
    button.disabled = false;
  }
}

for (const place of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) continue;
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => go(place));
}
