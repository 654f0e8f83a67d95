/**
 * What the program needs from the operating system and which package has it, per family of Linux distributions.
 * Pure: the machine is asked elsewhere.
 *
 * @typedef {'apt' | 'dnf' | 'pacman' | 'zypper'} PackageManager
 */

/**
 * A thing we may miss → Debian, Fedora, Arch, openSUSE. Libraries by the beginning of their file name, commands by name.
 * @type {readonly (readonly [string, readonly [string, string, string, string]])[]}
 */
const PROVIDERS = [
  ['libgtk-3', ['libgtk-3-0', 'gtk3', 'gtk3', 'gtk3-tools']],
  ['libgdk-3', ['libgtk-3-0', 'gtk3', 'gtk3', 'gtk3-tools']],
  ['libatk-bridge', ['libatk-bridge2.0-0', 'at-spi2-atk', 'at-spi2-core', 'libatk-bridge-2_0-0']],
  ['libatspi', ['libatspi2.0-0', 'at-spi2-core', 'at-spi2-core', 'libatspi0']],
  ['libatk', ['libatk1.0-0', 'atk', 'at-spi2-core', 'libatk-1_0-0']],
  ['libcairo', ['libcairo2', 'cairo', 'cairo', 'libcairo2']],
  ['libpango', ['libpango-1.0-0', 'pango', 'pango', 'libpango-1_0-0']],
  ['libnss3', ['libnss3', 'nss', 'nss', 'mozilla-nss']],
  ['libnssutil3', ['libnss3', 'nss', 'nss', 'mozilla-nss']],
  ['libsmime3', ['libnss3', 'nss', 'nss', 'mozilla-nss']],
  ['libnspr4', ['libnspr4', 'nspr', 'nspr', 'mozilla-nspr']],
  ['libplc4', ['libnspr4', 'nspr', 'nspr', 'mozilla-nspr']],
  ['libasound', ['libasound2', 'alsa-lib', 'alsa-lib', 'libasound2']],
  ['libgbm', ['libgbm1', 'mesa-libgbm', 'mesa', 'libgbm1']],
  ['libdrm', ['libdrm2', 'libdrm', 'libdrm', 'libdrm2']],
  ['libcups', ['libcups2', 'cups-libs', 'libcups', 'libcups2']],
  ['libdbus-1', ['libdbus-1-3', 'dbus-libs', 'dbus', 'libdbus-1-3']],
  ['libexpat', ['libexpat1', 'expat', 'expat', 'libexpat1']],
  ['libglib-2', ['libglib2.0-0', 'glib2', 'glib2', 'libglib-2_0-0']],
  ['libgio-2', ['libglib2.0-0', 'glib2', 'glib2', 'libgio-2_0-0']],
  ['libgobject-2', ['libglib2.0-0', 'glib2', 'glib2', 'libgobject-2_0-0']],
  ['libXss', ['libxss1', 'libXScrnSaver', 'libxss', 'libXss1']],
  ['libXtst', ['libxtst6', 'libXtst', 'libxtst', 'libXtst6']],
  ['libXcomposite', ['libxcomposite1', 'libXcomposite', 'libxcomposite', 'libXcomposite1']],
  ['libXdamage', ['libxdamage1', 'libXdamage', 'libxdamage', 'libXdamage1']],
  ['libXext', ['libxext6', 'libXext', 'libxext', 'libXext6']],
  ['libXfixes', ['libxfixes3', 'libXfixes', 'libxfixes', 'libXfixes3']],
  ['libXrandr', ['libxrandr2', 'libXrandr', 'libxrandr', 'libXrandr2']],
  ['libxkbcommon', ['libxkbcommon0', 'libxkbcommon', 'libxkbcommon', 'libxkbcommon0']],
  ['libxcb', ['libxcb1', 'libxcb', 'libxcb', 'libxcb1']],
  ['libX11', ['libx11-6', 'libX11', 'libx11', 'libX11-6']],
  ['libudev', ['libudev1', 'systemd-libs', 'systemd-libs', 'libudev1']],
  ['libstdc++', ['libstdc++6', 'libstdc++', 'gcc-libs', 'libstdc++6']],
  ['libgcc_s', ['libgcc-s1', 'libgcc', 'gcc-libs', 'libgcc_s1']],
  ['Xvfb', ['xvfb', 'xorg-x11-server-Xvfb', 'xorg-server-xvfb', 'xorg-x11-server-Xvfb']],
  ['xauth', ['xauth', 'xorg-x11-xauth', 'xorg-xauth', 'xauth']],
  ['g++', ['g++', 'gcc-c++', 'gcc', 'gcc-c++']],
  ['python3', ['python3', 'python3', 'python', 'python3']],
  ['pip', ['python3-pip', 'python3-pip', 'python-pip', 'python3-pip']],
  ['tar', ['tar', 'tar', 'tar', 'tar']],
  [
    'chinese-font',
    [
      'fonts-noto-cjk',
      'google-noto-sans-cjk-fonts',
      'noto-fonts-cjk',
      'google-noto-sans-cjk-fonts',
    ],
  ],
]

/** @type {readonly PackageManager[]} in the order of the columns above */
const MANAGERS = ['apt', 'dnf', 'pacman', 'zypper']

/** @type {Record<PackageManager, string>} */
const INSTALL = {
  apt: 'apt-get install -y --no-install-recommends',
  dnf: 'dnf install -y',
  pacman: 'pacman -S --needed',
  zypper: 'zypper install -y',
}

/**
 * The missing libraries in what `ldd` printed.
 * @param {string} output
 * @returns {string[]} file names, each once
 */
export function missingLibraries(output) {
  return [
    ...new Set([...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '')),
  ]
}

/**
 * The packages that have the missing things.
 * @param {readonly string[]} missing libraries' file names and commands
 * @param {PackageManager} manager
 * @param {(name: string) => boolean} [exists] whether this distribution has a package of that name: newer Debian and
 *   Ubuntu renamed some to `…t64`
 * @returns {{ packages: string[], unknown: string[] }} `unknown`: no package is known for these
 */
export function packagesFor(missing, manager, exists = () => true) {
  const column = MANAGERS.indexOf(manager)
  const packages = new Set()
  const unknown = []
  for (const thing of missing) {
    const name = PROVIDERS.find(([beginning]) => thing.startsWith(beginning))?.[1][column]
    if (name === undefined) unknown.push(thing)
    else packages.add(!exists(name) && exists(`${name}t64`) ? `${name}t64` : name)
  }
  return { packages: [...packages].sort(), unknown }
}

/**
 * The one command that installs packages.
 * @param {PackageManager} manager
 * @param {readonly string[]} packages
 * @param {{ isRoot: boolean }} user
 */
export function installCommand(manager, packages, { isRoot }) {
  const command = `${INSTALL[manager]} ${packages.join(' ')}`
  return isRoot ? command : `sudo ${command}`
}
