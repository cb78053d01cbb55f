using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Demographics;

/// <summary>
/// The traits that are features: age, income, gender, country, consent. The value with the latest event time holds; of equal times, the one applied last.
/// An unknown number is 0 beside a flag that says so, because 0 itself may be an answer.
/// </summary>
internal struct PersonTraits
{
    private float? _age;
    private float? _income;
    private Gender _gender;
    private sbyte _consent;
    private bool _countryKnown;
    private long _ageAtMs;
    private long _incomeAtMs;
    private long _genderAtMs;
    private long _consentAtMs;
    private long _countryAtMs;

    private enum Gender : byte
    {
        Unknown = 0,
        Female = 1,
        Male = 2,
        Other = 3,
    }

    public static void Declare(ColumnList columns) => columns.Group("person")
        .Linear("ageYears", "years", "Age; 0 when unknown.")
        .Linear("ageKnown", "flag", "1 when the age is known.")
        .Log("income", "currency", "Income; 0 when unknown.")
        .Linear("incomeKnown", "flag", "1 when the income is known.")
        .Linear("genderFemale", "flag", "1 for female.")
        .Linear("genderMale", "flag", "1 for male.")
        .Linear("countryKnown", "flag", "1 when the country is known.")
        .Linear("marketingConsent", "flag", "1 given, -1 refused, 0 unknown.");

    public void Apply(IReadOnlyList<Trait> traits, long timeMs)
    {
        for (var i = 0; i < traits.Count; i++)
        {
            var trait = traits[i];
            switch (Classify(trait.Name))
            {
                case Kind.Age when IsLatest(ref _ageAtMs, timeMs):
                    _age = Number(trait, 150);
                    break;
                case Kind.Income when IsLatest(ref _incomeAtMs, timeMs):
                    _income = Number(trait, 1e12);
                    break;
                case Kind.Gender when IsLatest(ref _genderAtMs, timeMs):
                    _gender = GenderOf(trait.Value);
                    break;
                case Kind.Country when IsLatest(ref _countryAtMs, timeMs):
                    _countryKnown = !string.IsNullOrEmpty(trait.Value);
                    break;
                case Kind.Consent when IsLatest(ref _consentAtMs, timeMs):
                    _consent = ConsentOf(trait);
                    break;
                default:
                    break;
            }
        }
    }

    public readonly void Materialize(ref FeatureWriter writer)
    {
        writer.Add(_age ?? 0);
        writer.AddFlag(_age is not null);
        writer.Add(_income ?? 0);
        writer.AddFlag(_income is not null);
        writer.AddFlag(_gender == Gender.Female);
        writer.AddFlag(_gender == Gender.Male);
        writer.AddFlag(_countryKnown);
        writer.Add(_consent);
    }

    public readonly DemographicsRecord? ToRecord()
    {
        if ((_ageAtMs | _incomeAtMs | _genderAtMs | _consentAtMs | _countryAtMs) == 0)
        {
            return null;
        }

        var record = new DemographicsRecord
        {
            AgeAtMs = _ageAtMs,
            IncomeAtMs = _incomeAtMs,
            Gender = (uint)_gender,
            GenderAtMs = _genderAtMs,
            Consent = _consent,
            ConsentAtMs = _consentAtMs,
            CountryKnown = _countryKnown ? 1u : 0u,
            CountryAtMs = _countryAtMs,
        };
        if (_age is { } age)
        {
            record.AgeYears = age;
        }

        if (_income is { } income)
        {
            record.Income = income;
        }

        return record;
    }

    public static PersonTraits FromRecord(DemographicsRecord? record) => record is null ? default : new PersonTraits
    {
        _age = record.HasAgeYears ? record.AgeYears : null,
        _ageAtMs = record.AgeAtMs,
        _income = record.HasIncome ? record.Income : null,
        _incomeAtMs = record.IncomeAtMs,
        _gender = (Gender)record.Gender,
        _genderAtMs = record.GenderAtMs,
        _consent = (sbyte)record.Consent,
        _consentAtMs = record.ConsentAtMs,
        _countryKnown = record.CountryKnown != 0,
        _countryAtMs = record.CountryAtMs,
    };

    private enum Kind : byte
    {
        None,
        Age,
        Income,
        Gender,
        Country,
        Consent,
    }

    private static Kind Classify(string name) => name.Length switch
    {
        3 when Is(name, "age") => Kind.Age,
        6 when Is(name, "income") => Kind.Income,
        6 when Is(name, "gender") => Kind.Gender,
        7 when Is(name, "country") => Kind.Country,
        7 when Is(name, "consent") => Kind.Consent,
        15 when Is(name, "address.country") => Kind.Country,
        16 when Is(name, "marketingConsent") => Kind.Consent,
        17 when Is(name, "marketing_consent") => Kind.Consent,
        _ => Kind.None,
    };

    private static bool Is(string name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the value is at least as late as the one held; then its time is kept. Time 0 means that there is none.</summary>
    private static bool IsLatest(ref long heldAtMs, long timeMs)
    {
        if (heldAtMs != 0 && timeMs < heldAtMs)
        {
            return false;
        }

        heldAtMs = timeMs == 0 ? 1 : timeMs;
        return true;
    }

    private static float? Number(Trait trait, double highest) =>
        trait.Number is { } number && double.IsFinite(number) && trait.Value is not null ? (float)Math.Clamp(number, 0, highest) : null;

    private static Gender GenderOf(string? value) => value switch
    {
        null or "" => Gender.Unknown,
        _ when Is(value, "female") || Is(value, "f") || Is(value, "woman") => Gender.Female,
        _ when Is(value, "male") || Is(value, "m") || Is(value, "man") => Gender.Male,
        _ => Gender.Other,
    };

    private static sbyte ConsentOf(Trait trait) => trait.Value switch
    {
        null or "" => 0,
        _ when trait.Number is { } number => (sbyte)(number > 0 ? 1 : -1),
        _ when Is(trait.Value, "yes") || Is(trait.Value, "granted") || Is(trait.Value, "true") => 1,
        _ when Is(trait.Value, "no") || Is(trait.Value, "denied") || Is(trait.Value, "false") => -1,
        _ => 0,
    };
}
