
  # ---- Drawing ------------------------------------------------------------------------------------------------------

  # Draws one token for each row from uniform numbers in [0, 1): [2, rows], tokens and their log-probabilities, float64.
  # Temperature 0 takes the likeliest; top_k 0 and top_p 1 take all. What a row gets does not depend on the rows beside it.
  def draw(self: __torch__.Decoder, logits: Tensor, uniforms: List[float], temperatures: List[float], top_ks: List[int], top_ps: List[float]) -> Tensor:
    device = logits.device
    vocabulary = torch.size(logits, 1)
    greedy = annotate(List[bool], [])
    filtered = annotate(List[bool], [])
    divisors = annotate(List[float], [])
    ks = annotate(List[int], [])
    ps = annotate(List[float], [])
    rows = len(uniforms)
    greedy_rows = 0
    filtered_rows = 0
    plain = True
    for i in range(rows):
      is_greedy = temperatures[i] == 0.0
      limited = top_ks[i] > 0 and top_ks[i] < vocabulary
      is_filtered = not is_greedy and (limited or top_ps[i] < 1.0)
      greedy.append(is_greedy)
      filtered.append(is_filtered)
      if is_greedy:
        divisors.append(1.0)
        greedy_rows = greedy_rows + 1
      else:
        divisors.append(temperatures[i])
        if temperatures[i] != 1.0:
          plain = False
      # Rows that are not filtered ask for as little as can be.
      if is_filtered:
        filtered_rows = filtered_rows + 1
        ps.append(top_ps[i])
        if limited:
          ks.append(top_ks[i])
        else:
          ks.append(vocabulary)
      else:
        ps.append(1.0)
        ks.append(1)
    if not plain:
      logits = torch.div(logits, torch.unsqueeze(torch.tensor(divisors, dtype=6, device=device), 1))
    p = torch.softmax(logits, -1)
    if greedy_rows == rows:
      return self.with_log_probs(p, torch.argmax(logits, -1, True))
    u = torch.unsqueeze(torch.tensor(uniforms, dtype=7, device=device), 1)
    if filtered_rows == rows:
      drawn = self.draw_filtered(p, u, ks, ps)
    else:
      drawn = self.draw_all(p, u)
      if filtered_rows > 0:
        drawn = torch.where(torch.unsqueeze(torch.tensor(filtered, dtype=11, device=device), 1), self.draw_filtered(p, u, ks, ps), drawn)
    if greedy_rows > 0:
      drawn = torch.where(torch.unsqueeze(torch.tensor(greedy, dtype=11, device=device), 1), torch.argmax(logits, -1, True), drawn)
    return self.with_log_probs(p, drawn)

  def with_log_probs(self: __torch__.Decoder, p: Tensor, tokens: Tensor) -> Tensor:
    log_probs = torch.log(torch.to(torch.gather(p, 1, tokens), 7))
    return torch.transpose(torch.cat([torch.to(tokens, 7), log_probs], 1), 0, 1)

  # The first place at which the running sum of p passes u times the whole. Running sums are float64: in float32 the
  # likelihood of rare tokens would drown in a large vocabulary. Two steps (blocks, then inside one) touch little memory.
  def draw_all(self: __torch__.Decoder, p: Tensor, u: Tensor) -> Tensor:
    rows = torch.size(p, 0)
    vocabulary = torch.size(p, 1)
    width = 1
    for candidate in [1024, 512, 256, 128, 64, 500, 250, 125, 100, 50]:
      if width == 1 and vocabulary % candidate == 0:
        width = candidate
    if width == 1:
      sums = torch.cumsum(p, 1, dtype=7)
      target = torch.mul(u, torch.narrow(sums, 1, vocabulary - 1, 1))
      return torch.clamp(torch.searchsorted(sums, target, right=True), 0, vocabulary - 1)
    blocks = torch.view(p, [rows, vocabulary // width, width])
    totals = torch.to(torch.sum(blocks, [2]), 7)
    sums = torch.cumsum(totals, 1)
    target = torch.mul(u, torch.slice(sums, 1, -1))
    block = torch.clamp(torch.searchsorted(sums, target, right=True), 0, vocabulary // width - 1)
    before = torch.sub(torch.gather(sums, 1, block), torch.gather(totals, 1, block))
    inside = torch.squeeze(torch.gather(blocks, 1, torch.expand(torch.unsqueeze(block, 2), [-1, -1, width])), 1)
    inner = torch.searchsorted(torch.cumsum(inside, 1, dtype=7), torch.sub(target, before), right=True)
    return torch.add(torch.mul(block, width), torch.clamp(inner, 0, width - 1))

  # Hugging Face's order: top-k first (ks, the vocabulary for all), then top-p on what is left, renormalised.
  def draw_filtered(self: __torch__.Decoder, p: Tensor, u: Tensor, ks: List[int], ps: List[float]) -> Tensor:
    device = p.device
    vocabulary = torch.size(p, 1)
    most = 0
    for k in ks:
      most = max(most, k)
    k_limit = torch.unsqueeze(torch.tensor(ks, dtype=4, device=device), 1)
    p_limit = torch.unsqueeze(torch.tensor(ps, dtype=7, device=device), 1)
    unlimited = torch.ge(k_limit, vocabulary)
    few = most
    if most > 1024:
      few = 256
    values, tokens = torch.topk(p, few, -1, True, True)
    values = torch.to(values, 7)
    if few < most:
      # Enough only if each row's top-k, or else its nucleus, ends within them; else sort all.
      reached = torch.logical_and(unlimited, torch.ge(torch.sum(values, [1], True), p_limit))
      if not bool(torch.all(torch.logical_or(reached, torch.le(k_limit, few)))):
        sorted_values, tokens = torch.sort(p, -1, True)
        values = torch.to(sorted_values, 7)
    ranks = torch.unsqueeze(torch.arange(0, torch.size(values, 1), dtype=4, device=device), 0)
    values = torch.masked_fill(values, torch.ge(ranks, k_limit), 0)
    # Where top-k leaves all tokens, probabilities sum up to 1 over the vocabulary, not over the few that were looked at.
    whole = torch.sum(values, [1], True)
    whole = torch.where(unlimited, torch.ones_like(whole), whole)
    before = torch.div(torch.sub(torch.cumsum(values, 1), values), whole)
    values = torch.masked_fill(values, torch.ge(before, p_limit), 0)
    sums = torch.cumsum(values, 1)
    target = torch.mul(u, torch.slice(sums, 1, -1))
    place = torch.clamp(torch.searchsorted(sums, target, right=True), 0, torch.size(sums, 1) - 1)
    return torch.gather(tokens, 1, place)
