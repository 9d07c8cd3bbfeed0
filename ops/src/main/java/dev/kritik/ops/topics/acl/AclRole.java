/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics.acl;

import java.util.Locale;

/** Who has something to do on the cluster, each with a user of its own where rights are to be as few as possible. */
public enum AclRole {
    STREAM("`kritik stream`"),
    WORKER("`kritik worker`"),
    GATEWAY("`kritik gateway`"),
    PRODUCER("whatever writes rollouts without transactions, as `kritik rollouts publish` does"),
    CONSUMER("whatever reads rewards, with the rollouts that they are for: `kritik rewards tail`, a trainer's reader"),
    TRAINER("whatever writes groups in transactions and reads their rewards, as `kritik train grpo` does"),
    EXPORTER("`kritik exporter` and `kritik lag`"),
    DASHBOARD("`kritik dashboard`"),
    REPLAY("`kritik replay export` and `kritik replay rft`"),
    RESCORE("`kritik replay rescore` and `kritik replay drop`"),
    REGISTRY("Apicurio Registry, where it keeps its schemas in this cluster (kafkasql)"),
    CHECKER("`kritik topics check`, which changes nothing"),
    ADMIN("`kritik topics create`, which gives rights, too, and so could give itself any");

    private final String about;

    AclRole(String about) {
        this.about = about;
    }

    /** Its name as people write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What runs as this role, in Markdown. */
    public String about() {
        return about;
    }
}
