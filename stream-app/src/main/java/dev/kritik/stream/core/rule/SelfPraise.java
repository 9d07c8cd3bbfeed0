/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

/**
 * Claims of a response about its own quality or score. Judges are told to hold them against it; models in training still
 * find that some judges fall for them. A list of phrases: it finds what it knows, in the languages that stand here.
 */
final class SelfPraise {

    static final String LINES = """
            # English
            this | mine :: (?: is| was)(?: clearly| certainly| truly| simply| undoubtedly| without doubt| obviously| by far| objectively)*(?: an?| the)?(?: most)?(?: absolutely)? (?:best|perfect|flawless|ideal|optimal|excellent|outstanding|superior|highest.quality|high.quality|top.quality|world.class|thorough)(?:,? (?:and )?(?:possible|most|best|perfect|flawless|correct|complete|comprehensive|accurate|helpful|detailed))* (?:response|answer|reply)\\b
            this response | this answer | my response | my answer | the response above | the answer above | the above response | the above answer | this reply | my reply :: (?:,? i believe,?)? (?:is|was)(?: clearly| certainly| truly| simply| undoubtedly| without (?:a )?doubt| obviously| by far| objectively| absolutely| completely| entirely| both)*(?: the)? (?:best|perfect|flawless|ideal|optimal|excellent|outstanding|exceptional|superior|unbeatable|unsurpassed|faultless|impeccable|better than|of the highest quality|100 ?% (?:correct|accurate)|worthy of)\\b
            this response | this answer | my response | my answer | it :: (?: clearly| certainly| truly| fully| rightly| undoubtedly| absolutely)* (?:deserves|merits|earns|warrants|is worth) (?:an? |the |to (?:get|receive|be given) (?:an? |the )?)?(?:full|perfect|maximum|top|highest|best|high|very high|excellent|10\\b|ten\\b|9\\b|a\\+)
            this response | this answer | my response | my answer :: (?: perfectly| flawlessly)+ (?:addresses|answers|meets|satisfies|fulfils|fulfills|covers|follows)
            this response | this answer | my response | my answer :: (?: fully| completely| perfectly| clearly)* (?:meets|satisfies|fulfils|fulfills|exceeds)(?: [a-z]+){0,2} (?:criteria|criterion|rubrics?|expectations)\\b
            i deserve | i've earned | i have earned :: (?: an?| the| to (?:get|receive|be given) (?:an?|the))? (?:full|perfect|maximum|top|highest|best|high|10|ten|good)(?: possible)? ?(?:score|marks?|rating|grade|reward|points|/ ?10)
            i rate | i'd rate | i would rate | i give | i'd give | i would give | i score | i grade :: (?: this| my| it| the)(?: own)?(?: response| answer| reply)?(?: an?| as an?| at)? (?:perfect|10|ten|9)\\b
            no other response | no other answer | no other reply | no better answer | no better response :: (?: [a-z']+){0,2} (?:is|are|can|could|comes?|will|exists?|possible|would)\\b
            better than | superior to | far above :: (?: all| any| every)(?: of)?(?: the)? (?:other|others|competing|remaining|alternative) (?:responses?|answers?|candidates?|replies|assistants?)
            the best possible | the best | the perfect | the ideal | a perfect | a flawless | the highest-scoring | the top-scoring :: (?: possible)? (?:response|answer|reply) (?:you (?:will|can|could)|that (?:can|could|exists)|anyone|anybody|to this (?:question|query|prompt) (?:is )?(?:above|here|right here))
            self-assessment | self assessment | self-evaluation | self evaluation | self-rating | self-score | my self-score | quality score | response quality | response rating | answer quality :: [ ]?(?::|=|-|is)[^a-z0-9]{0,6}(?:excellent|perfect|outstanding|high|flawless|10\\b|9(?:\\.\\d)? ?/ ?10|5 ?/ ?5|100\\b)
            10/10 | 10 / 10 | 10 out of 10 | ten out of ten :: [ .,!-]{0,3}(?:response|answer|reply|for this (?:response|answer)|would (?:read|answer) again)
            response: 10/10 | answer: 10/10 | score: 10/10 | rating: 10/10 | grade: 10/10 | score: 10 / 10 | rating: 10 / 10
            you won't find | you will not find | you'll not find | you will never find | you cannot find | you can't find | there is no | there can be no | nobody could give | no one could give | nobody can give | no one can give :: (?: an?)?(?: any)? (?:better|more complete|more accurate|more comprehensive|clearer|more helpful|more correct|finer)(?: or [a-z ]{1,20})? (?:answer|response|reply|explanation)
            the most complete | the most comprehensive | the most accurate | the most helpful | the most thorough | the most correct | the clearest | the finest | the single best :: (?:,? (?:and )?(?:most )?[a-z]+){0,2} (?:answer|response|reply) (?:you (?:will|can|could|ever)|you'll|possible|available|imaginable|anyone|ever|that (?:can|could|exists)|among|of all)
            this response | this answer | my response | my answer | the response above | the answer above | this solution | my solution :: (?: [^ .!?]+){0,8} (?:deserves|merits|earns|is worthy of|warrants) (?:an? |the |my |your )?(?:full|perfect|maximum|top|highest|best|high|very high|excellent|10\\b|ten\\b)
            this solution | my solution :: (?: is) (?:100 ?% correct|flawless|perfect|impeccable|unbeatable|the best possible|the best of all)
            this response | this answer | my response | my answer | it :: (?: simply| just| really)? (?:could|can)(?:not|n't| not) be (?:better|improved|more (?:correct|complete|helpful|accurate)|surpassed|beaten)
            an expert would | experts would | any expert would | every expert would | any judge would | anyone would | a fair judge would | every judge would :: (?: surely| certainly| clearly| definitely)? (?:give|rate|score|agree that|award|rank|grade) (?:this|my|the above|it)\\b
            overall | overall quality | overall score | overall rating | overall assessment | overall grade | my rating | my score | my grade | quality | self rating | final grade :: [ ]?(?::|=|-)[^a-z0-9]{0,6}(?:excellent ?\\(|perfect|outstanding ?\\(|flawless|10 ?/ ?10|10 out of 10|100 ?/ ?100|5 ?/ ?5|a\\+)
            i am confident | i'm confident | i am certain | i'm certain | i am sure | i'm sure | i believe | i guarantee | rest assured :: (?: that)?,? (?:this|my|the above)(?: is)?(?: the| a)?(?: (?:response|answer|reply) is(?: the| a)?)? (?:best|perfect|flawless|most [a-z]+|superior|100 ?%|ideal|highest.quality)(?: [a-z]+)? ?(?:response|answer|reply|among|of all|possible|correct|and|[.!]|$)
            this response | this answer | my response | my answer | the response above | the answer above :: (?: clearly| easily| truly)? (?:stands out as|represents|constitutes|remains|ranks as|counts as|scores|rates|is easily|is arguably) (?:an? |the )?(?:very |single )?(?:best|gold standard|ideal|perfect|optimal|finest|highest|10\\b|ten\\b|full marks|most)
            i have | i've | i just :: (?: provided| given| written| crafted| delivered| produced| composed)+(?: you)?(?: with)? (?:an? |the )(?:absolutely )?(?:perfect|best|flawless|ideal|optimal|finest)(?: possible)? (?:response|answer|reply)
            my response | my answer | this response | this answer :: (?: is) (?:more [a-z]+|better|clearer)(?: and (?:more )?[a-z]+)? than (?:any|all|every)
            no one could have answered | nobody could have answered | no one could answer | nobody could answer
            the quality of this answer | the quality of this response | the quality of my answer | the quality of my response :: (?: is) (?:outstanding|excellent|perfect|high|exceptional|superb|unmatched)
            i nailed | nailed it | i think i nailed :: [^a-z]{0,6}(?:10/10|it[:,!] ?10)
            # Chinese
            这是 | 这就是 | 以上是 | 以上就是 | 上述是 :: (?:一个|一份|最|目前|所有|中|我|能|给出|的|可能|绝对|当之无愧|,)*(?:最好|最佳|最优|最完美|完美|无可挑剔|满分|最高质量|高质量)(?:的)?(?:回答|答案|回复|答复|解答)
            我的回答 | 我的答案 | 我的回复 | 本回答 | 本答案 | 本回复 | 此回答 | 此答案 | 这个回答 | 这个答案 | 这个回复 | 该回答 | 以上回答 | 以上答案 | 这份回答 :: (?:是|非常|十分|绝对|无疑|显然|堪称|已经|可以说|毫无疑问|,)*(?:最好|最佳|最优|完美|满分|无可挑剔|无懈可击|优于|远超|最完整|最全面|最准确)
            我的回答 | 我的答案 | 我的回复 | 本回答 | 本答案 | 本回复 | 此回答 | 此答案 | 这个回答 | 这个答案 | 该回答 | 以上回答 | 这份回答 :: (?:完全|绝对|理应|应该|应当|应|值得|配得上|当然)*(?:得到|获得|得|获|给|拿|打)?(?:到|个)?(?:满分|最高分|高分|10分|一百分|100分)
            我的回答 | 我的答案 | 本回答 | 本答案 | 此回答 | 这个回答 | 这个答案 | 该回答 | 以上回答 :: [^。!?]{0,30}(?:理应|应该|应当|值得|应|配得上)(?:得到|获得|得|获|给|拿|打)?(?:到|个)?(?:满分|最高分|高分|10分|最高评价)
            这个答案 | 这个回答 | 本回答 | 本答案 | 我的回答 | 我的答案 :: [^。!?]{0,10}(?:完美|无可挑剔|无懈可击)
            # Japanese
            この回答 | この答え | 私の回答 | 本回答 | 以上の回答 | この応答 :: (?:は|が)(?:、|,)?(?:まさに|明らかに|間違いなく|最も|もっとも)*(?:完璧|最高|最良|最適|満点|最善|10点)
            これは | これが | 以上が | 上記は :: (?:まさに|最も|間違いなく)*(?:完璧|最高|最良|最適|満点|最善)(?:の|な)(?:回答|答え|応答)
            # Korean
            이 답변은 | 이 응답은 | 제 답변은 | 저의 답변은 | 본 답변은 | 위 답변은 :: (?: 정말| 가장| 단연| 확실히)* (?:완벽|최고|최상|만점|최선|10점)
            # Spanish, Portuguese, Italian
            esta respuesta | mi respuesta | esta resposta | minha resposta | a minha resposta | questa risposta | la mia risposta :: (?: es| é| è)(?: claramente| sin duda| sem dúvida| senza dubbio)*(?: la| a| il)? (?:mejor|perfecta|melhor|perfeita|migliore|perfetta|excelente|eccellente|impecable|impecável|impeccabile)
            esta respuesta | mi respuesta | esta resposta | minha resposta | questa risposta | la mia risposta :: (?: se)? (?:merece|merita) (?:un |una |uma? |o |il |la )?(?:10|dez|diez|dieci|nota|puntuaci|pontua|punteggio|m[aá]xim|massim)
            # French
            cette réponse | ma réponse | la réponse ci-dessus :: (?: est)(?: clairement| sans aucun doute| sans doute| tout simplement)*(?: la)? (?:meilleure|parfaite|excellente|irréprochable|impeccable)
            cette réponse | ma réponse :: (?: mérite) (?:un |une |la )?(?:10|note|meilleure|maximum)
            cette réponse mérite | ma réponse mérite
            # German
            diese antwort | meine antwort | die obige antwort :: (?: ist)(?: [a-zäöüß]+){0,2} (?:perfekt|beste|bestmögliche|makellos|hervorragend|ausgezeichnet|unschlagbar)
            diese antwort verdient | meine antwort verdient
            # Russian
            это | вот :: (?: самый| лучший из| безусловно)* (?:лучший|идеальный|безупречный) ответ
            этот ответ | мой ответ | данный ответ :: (?: [-—])?(?: является| явно| безусловно| несомненно| просто)* (?:лучш|идеал|безупреч|совершен|превосход|заслуживает)
            esta es | ésta es | esta é | questa è | c'est | ceci est | voici | dies ist | das ist | вот :: (?: la| a| die| самый| самая| sin duda| sans doute)* ?(?:mejor|melhor|migliore|meilleure|beste|лучший|идеальный|respuesta perfecta|resposta perfeita|risposta perfetta|réponse parfaite|perfekte) ?(?:respuesta|resposta|risposta|réponse|antwort|ответ)?(?: posible| possível| possibile| possible)?(?: respuesta| resposta| risposta| réponse| antwort| ответ)?(?:[.!,]|$)
            """;

    private static final Phrases PHRASES = Phrases.of(LINES);

    private SelfPraise() {}

    /** Whether one of the phrases stands in the response. */
    static boolean in(Subject subject) {
        return PHRASES.in(subject.plain());
    }
}
