#!/bin/sh
# Makes this machine ready for the private local stack: server packages where they are missing, then .venv.
# Usage: deploy/local/setup.sh             everything
#        deploy/local/setup.sh packages    only the packages; for root, when the user who works here may not install
#        deploy/local/setup.sh python      only .venv
# Doing it again costs next to nothing.
set -eu
cd -P "$(dirname "$0")/../.."  # the real path, as Python writes it into .venv

LOG=.fairway/log/setup.log
POLICY=/usr/sbin/policy-rc.d
CLUSTERS=/etc/postgresql-common/createcluster.d
NO_CLUSTER=$CLUSTERS/fairway-no-main-cluster.conf
MARK="made by fairway for the time of an installation"

main() {
    what=${1:-all}
    open_log
    find_python
    packages=$(missing_packages)
    if [ -n "$packages" ]; then
        install_packages $packages
    fi
    if [ "$what" != packages ]; then
        make_venv
        install_python_packages
        install_project
    fi
}

# Root who only installs packages leaves nothing in somebody else's project folder.
open_log() {
    if [ "$what" = packages ]; then
        LOG=$(mktemp /tmp/fairway-setup.XXXXXX)
    else
        mkdir -p .fairway/log
    fi
}

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Runs a command with its output in the log; shows the end of the log when it fails.
logged() {
    "$@" >>"$LOG" 2>&1 && return
    tail -n 20 "$LOG" >&2
    fail "That failed: $*. The whole output is in $LOG."
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

find_python() {
    for python in python3 python3.11 python3.12 python3.13; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return
        fi
    done
    fail "Fairway needs Python 3.11 or newer and found none; install python3.11 and run this again."
}

missing_packages() {
    if [ "$what" != python ]; then
        [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || echo rabbitmq-server
        has_postgis || echo postgresql
    fi
    # Debian and Ubuntu split the part of Python that makes a venv off.
    [ -x .venv/bin/python ] || "$python" -c 'import ensurepip, venv' 2>/dev/null || echo venv
    can_compile || echo compiler
}

# The hot path is C; where it cannot be compiled it is done in Python.
can_compile() {
    command -v cc >/dev/null && "$python" -c '
import pathlib, sys, sysconfig
sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists())'
}

has_postgis() {
    for postgres in /usr/lib/postgresql/*/bin/postgres; do
        version=${postgres#/usr/lib/postgresql/}
        version=${version%%/*}
        [ -x "$postgres" ] && [ -e "/usr/share/postgresql/$version/extension/postgis.control" ] && return
    done
    return 1
}

install_packages() {
    command -v apt-get >/dev/null ||
        fail "Missing here: $*. Install it with this system's package manager (with PostGIS), then run this again."
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        fail "Missing here: $*. Installing it needs root: run 'deploy/local/setup.sh packages' once as root, or install sudo."
    trap restore EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    echo "Reading the package lists …"
    apt update || echo "Some package lists could not be read (see $LOG); trying with those there are." >&2
    keep_services_down
    for wanted in "$@"; do
        install_one "$wanted"
    done
    restore
    trap - EXIT INT TERM
}

install_one() {
    case $1 in
    rabbitmq-server)
        echo "Installing RabbitMQ …"
        logged apt install rabbitmq-server
        # We asked for the program, not for a server on 5672 after the next reboot.
        as_root systemctl disable rabbitmq-server.service >>"$LOG" 2>&1 || true  # there may be no systemd
        ;;
    postgresql)
        major=$(postgres_major)
        echo "Installing PostgreSQL $major with PostGIS …"
        logged apt install "postgresql-$major" "postgresql-$major-postgis-3"
        ;;
    venv)
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "Installing the venv module of Python $version …"
        logged apt install "python$version-venv"
        ;;
    compiler)
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "Installing a C compiler …"
        logged apt install gcc libc6-dev "libpython$version-dev"
        ;;
    esac
}

# The major version of the distribution: its package postgresql depends on postgresql-<major>.
postgres_major() {
    major=$(LC_ALL=C apt-cache depends postgresql | sed -n 's/.*Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -n 1)
    [ -n "$major" ] || fail "This system's package lists name no PostgreSQL; install it with PostGIS, then run this again."
    echo "$major"
}

# Waits for an upgrade that runs in the background; keeps Ubuntu from restarting the user's services on the way.
apt() {
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
        apt-get -y -q -o DPkg::Lock::Timeout=300 -o APT::Install-Recommends=false "$@" >>"$LOG" 2>&1 </dev/null
}

# The packages would start servers on 5672 and 5432, and make PostgreSQL's default cluster "main".
keep_services_down() {
    if [ ! -e "$POLICY" ]; then
        printf '#!/bin/sh\n# %s\nexit 101\n' "$MARK" | as_root tee "$POLICY" >/dev/null
        as_root chmod 755 "$POLICY"
    fi
    as_root mkdir -p "$CLUSTERS"
    printf '# %s\ncreate_main_cluster = false\n' "$MARK" | as_root tee "$NO_CLUSTER" >/dev/null
}

# Removes what keep_services_down made, also what an earlier run that was killed left; never a file of the user's.
restore() {
    if grep -qs "$MARK" "$POLICY"; then as_root rm -f "$POLICY"; fi
    if [ -e "$NO_CLUSTER" ]; then
        as_root rm -f "$NO_CLUSTER"
        as_root rmdir --ignore-fail-on-non-empty "$CLUSTERS"
    fi
}

# Made anew when the project folder was moved: the scripts in a .venv hold its path.
make_venv() {
    if [ -x .venv/bin/python ] && grep -qsF "$PWD/.venv" .venv/bin/activate; then
        return
    fi
    echo "Making .venv …"
    logged "$python" -m venv --clear .venv
}

install_python_packages() {
    sum=$(checksum requirements-dev.lock)
    [ "$(cat .venv/lock.sum 2>/dev/null)" = "$sum" ] && return
    echo "Installing Python packages …"
    logged .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
    echo "$sum" >.venv/lock.sum
}

install_project() {
    compiled=$(find fairway services -name '*.[ch]' | LC_ALL=C sort)
    sum=$(cat pyproject.toml $compiled | sha256sum | cut -d ' ' -f 1)
    [ "$(cat .venv/project.sum 2>/dev/null)" = "$sum" ] && return
    echo "Installing Fairway …"
    logged .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    echo "$sum" >.venv/project.sum
}

checksum() {
    sha256sum "$1" | cut -d ' ' -f 1
}

main "$@"
