# Makes fresh systems of Debian in a folder, to test what must hold where nothing is installed. It is sourced, not run,
# and needs root, mmdebstrap and a mirror.
# SPDX-License-Identifier: Apache-2.0

umask 022
tree= # the folder of the system at hand
trap 'remove_system' EXIT
trap 'exit 1' HUP INT TERM

# can_make_systems: installs the packages that make systems; prints the reason if none can be made.
can_make_systems() {
    if [ "$(id -u)" -ne 0 ]; then
        echo "ci/${0##*/}: only root can make a system: run it as root" >&2
        return 1
    fi
    [ -n "${NORMA_NO_SETUP:-}" ] || "$root/ci/setup" bare || return 1
    if ! command -v mmdebstrap >/dev/null 2>&1; then
        echo "ci/${0##*/}: mmdebstrap, which makes systems, is not here (Debian, Ubuntu: mmdebstrap)" >&2
        return 1
    fi
    if ! unshare --mount --pid --fork true 2>/dev/null; then
        echo "ci/${0##*/}: namespaces of its own are not allowed here: not in a container without privileges" >&2
        return 1
    fi
}

# sources SUITE: prints lines for apt. The mirror is the one that this machine takes its own packages from, if it is
# one of Debian's; otherwise mmdebstrap's default.
sources() {
    (. /etc/os-release && [ "$ID" = debian ]) || return 0
    apt-get indextargets --format '$(CREATED_BY) $(REPO_URI) $(RELEASE)' 2>/dev/null |
        awk -v here="$(. /etc/os-release && echo "$VERSION_CODENAME")" -v suite="$1" '
        $1 != "Packages" || seen[$3]++ { next }
        $3 == here { print "deb", $2, suite, "main"; print "deb", $2, suite "-updates", "main" }
        $3 == here "-security" { print "deb", $2, suite "-security", "main" }'
}

# make_system SUITE VARIANT PACKAGES LOG: makes a system in $tree. It tries again where a mirror failed for a moment.
make_system() {
    for try in 1 2; do
        remove_system
        tree=$(mktemp -d) || return 1
        lines=$(sources "$1")
        printf '%s\n' "$lines" | mmdebstrap --variant="$2" --include="$3" "$1" "$tree" ${lines:+-} \
            >"$4" 2>&1 && return 0
    done
    tail -n 5 "$4" >&2
    echo "ci/${0##*/}: could not make a system of $1: is there such a release, and a mirror? The whole log: $4" >&2
    return 1
}

# inside COMMAND...: runs a command in the system, with /proc, by which programs find themselves, with terminals, which
# ci/walk makes, and without /sys, as in many containers.
inside() {
    # shellcheck disable=SC2016 # the inner shell expands its arguments
    unshare --mount --pid --fork --mount-proc="$tree/proc" sh -c '
        mount -t devpts -o newinstance,ptmxmode=0666 devpts "$0/dev/pts" && exec chroot "$0" "$@"' "$tree" env -i \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        OMP_WAIT_POLICY=passive ${http_proxy:+http_proxy="$http_proxy"} \
        ${https_proxy:+https_proxy="$https_proxy"} "$@" </dev/null
}

remove_system() {
    [ -z "$tree" ] || rm -rf "$tree"
    tree=
}
