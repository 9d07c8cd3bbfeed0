/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model on the hub. Both parts become parts of paths, so they hold nothing that could lead elsewhere.
 *
 * @param repo {@code org/name}
 * @param revision branch, tag or commit
 */
record ModelName(String repo, String revision) {

    private static final String PART = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}";
    private static final Pattern NAME = Pattern.compile("(" + PART + "/" + PART + ")(?:@(.+))?");
    private static final Pattern REVISION =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** @throws HubException when it is none */
    static ModelName parse(String text) {
        Matcher matcher = NAME.matcher(text);
        if (!matcher.matches()) {
            throw wrong(text, "it is neither a folder that is there, nor org/name or org/name@revision");
        }
        String repo = matcher.group(1);
        // The rules of the hub; "--" would also make names of folders in the cache ambiguous.
        if (repo.contains("--") || repo.contains("..") || repo.endsWith(".git") || repo.matches(".*[.-](/.*)?")) {
            throw wrong(text, "no model on the hub can have this name");
        }
        String revision = matcher.group(2) == null ? "main" : matcher.group(2);
        if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
            throw wrong(text, "no revision can have this name");
        }
        return new ModelName(repo, revision);
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** Name of its folder in the cache. */
    String folder() {
        return "models--" + repo.replace("/", "--");
    }

    @Override
    public String toString() {
        return revision.equals("main") ? repo : repo + "@" + revision;
    }

    private static HubException wrong(String text, String why) {
        return new HubException(HubException.Reason.NAME, "model '" + text + "': " + why);
    }
}
