/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import dev.kritik.schema.Keys;

/** Checks the fields that say to which group a record belongs. */
final class Identity {

    private static final int MAX_CHARACTERS = 200;

    private Identity() {}

    /** What is wrong with an identity; null when nothing is. */
    static Checked.Unusable check(String key, String job, String group, int attempt) {
        String fault = fault(job);
        if (fault != null) {
            return new Checked.Unusable("BAD_JOB_ID", "job_id " + fault);
        }
        if (job.indexOf('/') >= 0) {
            return new Checked.Unusable("BAD_JOB_ID", "job_id has a '/', which keys need between job and group");
        }
        fault = fault(group);
        if (fault != null) {
            return new Checked.Unusable("BAD_GROUP_ID", "group_id " + fault);
        }
        if (attempt < 0) {
            return new Checked.Unusable("BAD_GROUP_ATTEMPT", "group_attempt " + attempt + " is less than 0");
        }
        if (!Keys.of(job, group).equals(key)) {
            return new Checked.Unusable(
                    "KEY_MISMATCH",
                    "the record's key is not job_id/group_id: records of one group would meet different tasks");
        }
        return null;
    }

    private static String fault(String id) {
        int characters = id.codePointCount(0, id.length());
        if (characters < 1 || characters > MAX_CHARACTERS) {
            return "has " + characters + " characters, not 1 to " + MAX_CHARACTERS;
        }
        if (id.chars().anyMatch(Character::isISOControl)) {
            return "has control characters";
        }
        return null;
    }
}
