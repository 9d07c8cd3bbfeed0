/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The models that come with Kritik: folders under {@code models/} of its home, which are known by their names alone. No model
 * on the hub can have such a name, for it has no slash; a folder of one's own with that name is given as {@code ./NAME}.
 */
public final class BundledModels {

    /** A small judge for micro-tasks. */
    public static final String JUDGE = "kritik-nano";

    /** Its Meta RM. */
    public static final String META_RM = "kritik-nano-meta";

    /** A small policy of middling skill, for the same micro-tasks. */
    public static final String POLICY = "nano-policy";

    /** The system property that names Kritik's home; stronger than the environment variable KRITIK_HOME. */
    public static final String HOME = "kritik.home";

    private static final Set<String> NAMES = Set.of(JUDGE, META_RM, POLICY);

    private BundledModels() {}

    /** Whether it is the name of one, be it there or not. */
    public static boolean isName(String name) {
        return NAMES.contains(name);
    }

    /** Whether the model of this name can be found. */
    public static boolean isThere(String name, HubSettings settings) {
        return isName(name)
                && settings.home().map(home -> isModel(folder(home, name))).orElse(false);
    }

    /**
     * The folder of one.
     *
     * @throws HubException when it is not there; says where it should be
     */
    static Path folder(String name, HubSettings settings) {
        Path home = settings.home()
                .orElseThrow(() -> missing(
                        name,
                        "it comes with Kritik, and nobody says where that is. Start it by the launcher 'kritik' of the"
                                + " repository, or set KRITIK_HOME to the repository's root"));
        Path folder = folder(home, name);
        if (!isModel(folder)) {
            throw missing(
                    name,
                    "it comes with Kritik and should be in " + folder + ", where no config.json is. Is " + home
                            + " (KRITIK_HOME) the root of a whole clone?");
        }
        return folder;
    }

    private static Path folder(Path home, String name) {
        return home.resolve("models").resolve(name);
    }

    private static boolean isModel(Path folder) {
        return Files.isRegularFile(folder.resolve("config.json"));
    }

    private static HubException missing(String name, String why) {
        return new HubException(HubException.Reason.NOT_FOUND, "model '" + name + "': " + why);
    }
}
