import Imaging

/// Blackjack against a dealer, after example 5.1 of Sutton and Barto ("Reinforcement learning: an
/// introduction", 2018), as Gymnasium's `Blackjack`: come nearer to 21 than the dealer, not beyond.
///
/// Cards are drawn from an endless deck: 2 to 10, three pictures that count 10 and an ace that counts
/// 11 where the hand stays within 21 (it is then usable), otherwise 1. The observation is the
/// player's sum, the dealer's open card (1 for an ace) and whether the player has a usable ace.
/// Action 0 stands, 1 takes a card. Beyond 21 the player loses at once; when the player stands, the
/// dealer takes cards up to 17 or more and the nearer one wins. Winning pays 1, losing -1, a draw 0.
///
/// With `sab`, as in the book, an ace and a ten at once beat every other hand; without it, `natural`
/// pays 1.5 for winning with them.
public struct Blackjack: Environment {
  private static let goal = 21
  private static let dealerStands = 17
  private static let naturalReward = 1.5
  /// The values of the cards of a suit.
  private static let deckSize = 13

  private let isNaturalPaid: Bool
  private let followsBook: Bool
  private var random = PCG64(seed: 0)
  private var player = Hand()
  private var dealer = Hand()
  private var dealerCard = 1

  /// The task, to be reset.
  ///
  /// - Parameters:
  ///   - natural: whether winning with an ace and a ten pays 1.5; of no effect with `sab`.
  ///   - sab: whether the rules are those of Sutton and Barto.
  public init(natural: Bool = false, sab: Bool = true) {
    isNaturalPaid = natural
    followsBook = sab
  }

  static var spec: EnvironmentSpec {
    EnvironmentSpec(
      "Blackjack-v1", "Come nearer to 21 than the dealer, but not beyond.", maxEpisodeSteps: nil,
      options: [
        EnvironmentOption(
          "natural", .flag(false), "whether winning with an ace and a ten pays 1.5"),
        EnvironmentOption(
          "sab", .flag(true), "whether the rules are those of Sutton and Barto's book"),
      ]
    ) { options in Blackjack(natural: options.flag("natural"), sab: options.flag("sab")) }
  }

  /// The observations there are.
  public var observationSpace: Space {
    .tuple([.discrete(count: 32), .discrete(count: 11), .discrete(count: 2)])
  }

  /// How many steps a second look natural.
  public var framesPerSecond: Int { 4 }

  /// The actions there are.
  public var actionSpace: Space { .discrete(count: 2) }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try refuseOptions(options)
    if let seed { random = PCG64(seed: seed) }
    dealer = Hand()
    player = Hand()
    dealerCard = drawCard()
    dealer.take(dealerCard)
    dealer.take(drawCard())
    player.take(drawCard())
    player.take(drawCard())
    // The original draws a suit, and one of three pictures for a ten, for its drawing.
    _ = random.integer(below: 4)
    if dealerCard == 10 { _ = random.integer(below: 3) }
  }

  private mutating func drawCard() -> Int {
    min(random.integer(below: Self.deckSize) + 1, 10)
  }

  /// Acts once.
  public mutating func step(_ action: Int) throws(EnvironmentError) -> Step {
    try require(action, below: 2)
    if action == 1 {
      player.take(drawCard())
      let isLost = player.sum > Self.goal
      return Step(reward: isLost ? -1 : 0, terminated: isLost)
    }
    while dealer.sum < Self.dealerStands { dealer.take(drawCard()) }
    let (own, other) = (player.score, dealer.score)
    var reward = own > other ? 1.0 : own < other ? -1 : 0
    if followsBook {
      if player.isNatural && !dealer.isNatural { reward = 1 }
    } else if isNaturalPaid && player.isNatural && reward == 1 {
      reward = Self.naturalReward
    }
    return Step(reward: reward, terminated: true)
  }

  /// Writes what the agent sees now.
  public func observe(into observation: inout BlackjackObservation) {
    observation = BlackjackObservation(
      sum: player.sum, dealerCard: dealerCard, hasUsableAce: player.hasUsableAce)
  }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try player.archive(&archive, "player")
    try dealer.archive(&archive, "dealer")
    try archive.integer("dealerCard", &dealerCard, in: 1...10)
    try random.archive(&archive)
  }

  /// The state as text.
  public func renderText() -> String {
    "dealer  \(dealerCard) ?\nplayer  \(player.sum)\(player.hasUsableAce ? ", usable ace" : "")\n"
  }

  /// A picture of the state.
  public func render() -> Image {
    var canvas = Canvas(width: 384, height: 376, background: Colour(0xC4D89E))
    let ink = Colour(0x2B3036)
    canvas.write("Dealer", at: Point(x: 96, y: 48), scale: 2, anchor: .start, colour: ink)
    for (x, paint) in [(96.0, Colour.white), (208, Colour(0x7A93B8))] {
      canvas.fillRectangle(x: x, y: 64, width: 80, height: 112, colour: paint)
    }
    canvas.write(
      dealerCard == 1 ? "A" : "\(dealerCard)", at: Point(x: 136, y: 134), scale: 4,
      anchor: .middle, colour: ink)
    canvas.write("Player", at: Point(x: 96, y: 228), scale: 2, anchor: .start, colour: ink)
    canvas.write(
      "\(player.sum)", at: Point(x: 192, y: 304), scale: 8, anchor: .middle, colour: ink)
    if player.hasUsableAce {
      canvas.write(
        "usable ace", at: Point(x: 192, y: 344), scale: 2, anchor: .middle, colour: ink)
    }
    return canvas.image
  }

  /// The cards of one side, as far as they matter.
  private struct Hand {
    /// The sum with every ace as 1.
    private var total = 0
    private var hasAce = false
    private var count = 0

    mutating func take(_ card: Int) {
      total += card
      hasAce = hasAce || card == 1
      count += 1
    }

    var hasUsableAce: Bool { hasAce && total + 10 <= Blackjack.goal }
    var sum: Int { hasUsableAce ? total + 10 : total }
    /// The sum, or 0 beyond 21.
    var score: Int { sum > Blackjack.goal ? 0 : sum }
    /// Whether it is an ace and a ten.
    var isNatural: Bool { count == 2 && hasAce && total == 11 }

    mutating func archive(
      _ archive: inout StateArchive, _ side: String
    ) throws(EnvironmentError) {
      // No hand within 21 grows beyond 31.
      try archive.integer("\(side)Total", &total, in: 0...Blackjack.goal + 10)
      try archive.flag("\(side)HasAce", &hasAce)
      try archive.integer("\(side)Cards", &count, in: 0...Blackjack.goal + 1)
    }
  }
}

/// What a player of blackjack sees.
public struct BlackjackObservation: SpaceElement {
  /// The sum of the player's cards, with an ace as 11 where it is usable.
  public var sum: Int
  /// The dealer's open card, 1 for an ace.
  public var dealerCard: Int
  /// Whether an ace of the player counts 11.
  public var hasUsableAce: Bool

  /// An observation of its parts.
  public init(sum: Int, dealerCard: Int, hasUsableAce: Bool) {
    self.sum = sum
    self.dealerCard = dealerCard
    self.hasUsableAce = hasUsableAce
  }

  /// Any value, to be written over.
  public static var placeholder: BlackjackObservation {
    BlackjackObservation(sum: 0, dealerCard: 0, hasUsableAce: false)
  }

  /// The value without its type.
  public var value: SpaceValue {
    .tuple([.integer(sum), .integer(dealerCard), .integer(hasUsableAce ? 1 : 0)])
  }

  /// The hand that a value without type stands for; nil when it is of another kind.
  public init?(_ value: SpaceValue) {
    guard case .tuple(let parts) = value, parts.count == 3,
      let sum = Int(parts[0]), let dealerCard = Int(parts[1]), let ace = Int(parts[2])
    else { return nil }
    self.init(sum: sum, dealerCard: dealerCard, hasUsableAce: ace == 1)
  }
}
